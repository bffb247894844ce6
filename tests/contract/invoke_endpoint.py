"""Invokes an endpoint of a server on this machine with boto3, as a program would one in the cloud.

invoke_endpoint.py PORT: prints what it got, a line a fact.
"""

import sys

import boto3
from botocore.config import Config

client = boto3.client(
    "sagemaker-runtime",
    endpoint_url=f"http://127.0.0.1:{sys.argv[1]}",
    region_name="eu-central-1",
    aws_access_key_id="x",
    aws_secret_access_key="x",
    config=Config(retries={"max_attempts": 0}),
)

answer = client.invoke_endpoint(
    EndpointName="iris",
    ContentType="text/csv",
    Accept="application/json",
    CustomAttributes="trace=4711",
    Body=b"5.1,3.5,1.4,0.2\n",
)
print("type", answer["ContentType"])
print("variant", answer["InvokedProductionVariant"])
print("attributes", answer["CustomAttributes"])
print("body", answer["Body"].read().decode())

rows = 200_000
answer = client.invoke_endpoint(
    EndpointName="iris", ContentType="text/csv", Body=b"5.1,3.5,1.4,0.2\n" * rows
)
print("lines", answer["Body"].read().count(b"\n"))

try:
    client.invoke_endpoint(EndpointName="iris", ContentType="text/csv", Body=b"5.1,oops,1.4,0.2")
except client.exceptions.ModelError as error:
    print("status", error.response["OriginalStatusCode"])
    print("message", error.response["OriginalMessage"])

try:
    client.invoke_endpoint_async(EndpointName="iris", InputLocation="s3://bucket/in.csv")
except client.exceptions.ClientError as error:
    print("async", error.response["Error"]["Code"])
