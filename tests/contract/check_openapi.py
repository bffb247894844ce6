"""Reads an OpenAPI 3.1 document: every reference leads somewhere, every schema is one of JSON Schema
2020-12 (which OpenAPI 3.1 uses), every operation says what it answers, the instance in the second
file is one of its rows, and each example is what its schema says and is answered 200 by the server at
the port. Prints the paths and how many examples there are.

check_openapi.py DOCUMENT ROWS PORT"""
import http.client
import json
import sys

from jsonschema import Draft202012Validator, RefResolver

document = json.load(open(sys.argv[1]))
assert document["openapi"].startswith("3.1."), document["openapi"]
assert document["info"]["title"] and document["info"]["version"]


def references(value):
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        value = list(value.values())
    for inner in value if isinstance(value, list) else []:
        yield from references(inner)


schemas = document["components"]["schemas"]
for reference in references(document):
    assert reference.removeprefix("#/components/schemas/") in schemas, reference
for schema in schemas.values():
    Draft202012Validator.check_schema(schema)
for path, item in document["paths"].items():
    named = {p["name"] for p in item.get("parameters", []) if p["in"] == "path" and p["required"]}
    assert named == {part.split("}")[0] for part in path.split("{")[1:]}, path
    for method, operation in item.items():
        assert method == "parameters" or operation["responses"]["200"]["description"], path
rows = {"$ref": "#/components/schemas/Rows"}
validator = Draft202012Validator(rows, resolver=RefResolver.from_schema(document))
validator.validate(json.load(open(sys.argv[2])))
assert not validator.is_valid({"instances": [[1]]})
examples = 0
for path, item in document["paths"].items():
    content = item.get("post", {}).get("requestBody", {}).get("content", {})
    for media_type, body in content.items():
        if "example" not in body or path.startswith("/models/"):
            continue
        examples += 1
        sent = body["example"]
        if "schema" in body:
            Draft202012Validator(
                body["schema"], resolver=RefResolver.from_schema(document)
            ).validate(sent)
        sent = sent if isinstance(sent, str) else json.dumps(sent)
        connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[3]))
        place = path.replace("{name}", "any").replace("{version}", "1")
        connection.request("POST", place, sent, {"Content-Type": media_type})
        answer = connection.getresponse()
        assert answer.status == 200, (path, media_type, sent, answer.read())
print("\n".join(sorted(document["paths"])))
print("examples", examples)
