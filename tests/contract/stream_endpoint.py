"""Invokes an endpoint of a server on this machine with a response stream.

stream_endpoint.py PORT: prints what it got, a line a fact. With boto3 where that knows the operation
(from 1.28), else over HTTP with boto3's own reader of event streams.
"""

import http.client
import json
import sys
from types import SimpleNamespace

import boto3
from botocore.config import Config
from botocore.eventstream import EventStreamBuffer

port = int(sys.argv[1])
client = boto3.client(
    "sagemaker-runtime",
    endpoint_url=f"http://127.0.0.1:{port}",
    region_name="eu-central-1",
    aws_access_key_id="x",
    aws_secret_access_key="x",
    config=Config(retries={"max_attempts": 0}),
)


def with_boto3(body, accept, attributes):
    """What the operation gives: type, variant, attributes, and parts until they end or fail."""
    try:
        answer = client.invoke_endpoint_with_response_stream(
            EndpointName="iris",
            ContentType="text/csv",
            Accept=accept,
            CustomAttributes=attributes,
            Body=body,
        )
    except client.exceptions.ModelError as error:
        return SimpleNamespace(refused=error.response)
    parts = []
    failed = None
    try:
        for event in answer["Body"]:
            parts.append(event["PayloadPart"]["Bytes"])
    except Exception as error:  # EventStreamError
        failed = error.response["Error"]
        failed = {"name": failed["Code"], **failed}
    return SimpleNamespace(
        refused=None,
        type=answer["ContentType"],
        variant=answer["InvokedProductionVariant"],
        attributes=answer["CustomAttributes"],
        parts=parts,
        failed=failed,
    )


def over_http(body, accept, attributes):
    """The same, asked and read by hand."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request(
        "POST",
        "/endpoints/iris/invocations-response-stream",
        body,
        {
            "Content-Type": "text/csv",
            "X-Amzn-SageMaker-Accept": accept,
            "X-Amzn-SageMaker-Custom-Attributes": attributes,
        },
    )
    answer = connection.getresponse()
    if answer.status != 200:
        assert answer.status == 424, answer.status
        return SimpleNamespace(refused=json.loads(answer.read()))
    assert answer.headers["Content-Type"] == "application/vnd.amazon.eventstream"
    buffer = EventStreamBuffer()
    parts = []
    failed = None
    while piece := answer.read1():
        buffer.add_data(piece)
        for event in buffer:
            message = event.to_response_dict()
            if message["headers"][":message-type"] == "event":
                assert message["headers"][":event-type"] == "PayloadPart"
                parts.append(message["body"])
            else:
                failed = json.loads(message["body"])
                failed["name"] = message["headers"][":exception-type"]
    return SimpleNamespace(
        refused=None,
        type=answer.headers["X-Amzn-SageMaker-Content-Type"],
        variant=answer.headers["x-Amzn-Invoked-Production-Variant"],
        attributes=answer.headers["X-Amzn-SageMaker-Custom-Attributes"],
        parts=parts,
        failed=failed,
    )


knows = hasattr(client, "invoke_endpoint_with_response_stream")
print("read by", "boto3" if knows else "botocore's event stream", boto3.__version__)
invoke = with_boto3 if knows else over_http
ROW = b"5.1,3.5,1.4,0.2\n"

answer = invoke(ROW, "application/jsonlines", "trace=4711")
print("type", answer.type)
print("variant", answer.variant)
print("attributes", answer.attributes)
print("body", b"".join(answer.parts).decode().strip())

answer = invoke(ROW * 200_000, "text/csv", "x=1")
lines = b"".join(answer.parts).count(b"\n")
print("lines", lines, "in more parts than one:", len(answer.parts) > 1)

answer = invoke(b"5.1,oops,1.4,0.2", "text/csv", "x=1")
print("status", answer.refused["OriginalStatusCode"])
print("message", answer.refused["OriginalMessage"])

answer = invoke(ROW * 150_000 + b"5.1,oops,1.4,0.2\n" + ROW * 1000, "text/csv", "x=1")
print("scores before the error:", len(answer.parts) > 0)
print("error", answer.failed["name"])
print("code", answer.failed.get("ErrorCode", "StreamBroken"))
print("reason", answer.failed["Message"])
