"""A client of another house on a bidirectional stream: stream_payloads.py PORT."""
import asyncio
import json
import sys

import websockets

URL = f"ws://127.0.0.1:{sys.argv[1]}/invocations-bidirectional-stream"
ROW = "5.1,3.5,1.4,0.2\n"


async def main():
    async with websockets.connect(URL, max_size=None) as stream:
        await stream.send(ROW)
        print("csv", await stream.recv(), end="")
        await stream.send(json.dumps({"instances": [[5.1, 3.5, 1.4, 0.2]]}))
        print("json", await stream.recv())
        await stream.send(ROW.encode())
        print("bytes", await stream.recv(), end="")
        await stream.send(["5.1,3.5", ",1.4,", "0.2\n"])
        print("fragments", await stream.recv(), end="")
        await stream.send("5.1,3.5\n")
        error = json.loads(await stream.recv())["ModelStreamError"]
        print("error", error["ErrorCode"], error["Message"])
        await stream.send(ROW * 200_000)
        print("lines", (await stream.recv()).count("\n"))
        for _ in range(500):
            await stream.send(ROW)
        answers = {await stream.recv() for _ in range(500)}
        print("pipelined", len(answers))
        await (await stream.ping())
        print("pong")
    print("closed", stream.close_code)
    async with websockets.connect(URL + "?accept=application/x-npy") as stream:
        await stream.send(ROW)
        print("npy", (await stream.recv())[:6])


asyncio.run(main())
