"""boto3 clients for the tests. botocore chooses a protocol by what the service model
lists; a model that lists one protocol forces it."""
import os

import boto3
import botocore.config

PROTOCOLS = {"json": "json", "cbor": "smithy-rpc-v2-cbor", "query": "query"}


def client(service, protocol=None, config=None, **options):
    """A client of the endpoint in the environment; without a protocol it is botocore's choice."""
    session = boto3.session.Session()
    if protocol:
        model = session._session.get_component("data_loader").load_service_model(service, "service-2")
        model["metadata"]["protocols"] = [PROTOCOLS[protocol]]
        model["metadata"]["protocol"] = PROTOCOLS[protocol]
    config = botocore.config.Config(parameter_validation=False, retries={"total_max_attempts": 1}, **(config or {}))
    return session.client(service, endpoint_url=os.environ["ENDPOINT"], config=config, **options)
