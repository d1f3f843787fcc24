#!/usr/bin/env python3
"""Trim botocore's service models to the operations that Tocsin answers.

    pip install botocore==1.43.11
    python3 trim.py            # writes <service>.json beside this file

A trimmed model keeps botocore's own format and member order: the operations
in scope, every shape that they reach, no documentation. The names of the
service's other operations are kept in "otherOperations", so that a call to one
of them can be told from a typing mistake. Building Tocsin needs only the
trimmed copies; run this again to take in a newer botocore or a new operation,
then run `go generate ./internal/awsapi/shapes/...`.
"""

import gzip
import json
import pathlib

import botocore

SCOPE = {
    "cloudwatch": ("2010-08-01", """
        PutMetricAlarm DescribeAlarms DescribeAlarmsForMetric DeleteAlarms SetAlarmState DescribeAlarmHistory
        EnableAlarmActions DisableAlarmActions PutCompositeAlarm PutMetricData ListMetrics GetMetricStatistics GetMetricData
        TagResource UntagResource ListTagsForResource"""),
    "logs": ("2014-03-28", """
        CreateLogGroup DescribeLogGroups DeleteLogGroup ListTagsForResource TagResource UntagResource
        ListTagsLogGroup TagLogGroup UntagLogGroup PutRetentionPolicy DeleteRetentionPolicy
        PutMetricFilter DescribeMetricFilters DeleteMetricFilter TestMetricFilter
        CreateLogStream DescribeLogStreams DeleteLogStream PutLogEvents GetLogEvents FilterLogEvents"""),
    "sns": ("2010-03-31", """
        CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes ListTopics
        Subscribe Unsubscribe ConfirmSubscription GetSubscriptionAttributes SetSubscriptionAttributes
        ListSubscriptions ListSubscriptionsByTopic Publish PublishBatch
        TagResource UntagResource ListTagsForResource AddPermission RemovePermission"""),
    "sts": ("2011-06-15", "GetCallerIdentity"),
}

NOTICE = ("Trimmed from botocore's service model. Copyright Amazon.com, Inc. or its affiliates. "
          "Licensed under the Apache License, Version 2.0.")

DROPPED = {"documentation", "documentationUrl", "deprecated", "deprecatedMessage", "deprecatedSince", "examples",
           "endpoint", "endpointdiscovery", "httpChecksum", "sensitive"}


def strip_shape(shape):
    """Drops what only documents. Member names are data: one may be called 'documentation'."""
    kept = {k: v for k, v in shape.items() if k not in DROPPED and k != "members"}
    if "members" in shape:
        kept["members"] = {name: strip_ref(ref) for name, ref in shape["members"].items()}
    for ref in ("member", "key", "value"):
        if ref in kept:
            kept[ref] = strip_ref(kept[ref])
    return kept


def strip_ref(ref):
    return {k: v for k, v in ref.items() if k not in DROPPED}


def references(shape):
    yield from (ref["shape"] for ref in shape.get("members", {}).values())
    yield from (shape[k]["shape"] for k in ("member", "key", "value") if k in shape)


def reach(model, operations):
    """Names of the shapes that the operations reach, in order of first use."""
    roots = []
    for op in operations.values():
        roots += [op[k]["shape"] for k in ("input", "output") if k in op]
        roots += [e["shape"] for e in op.get("errors", [])]
    # awsQueryCompatible services throw errors that no operation lists.
    roots += [name for name, shape in model["shapes"].items() if shape.get("synthetic")]
    seen = {}
    while roots:
        name = roots.pop(0)
        if name not in seen:
            seen[name] = True
            roots += references(model["shapes"][name])
    return list(seen)


def trim(service, version, names):
    path = pathlib.Path(botocore.__file__).parent / "data" / service / version / "service-2.json.gz"
    model = json.loads(gzip.decompress(path.read_bytes()))
    operations = {name: strip_ref(model["operations"][name]) for name in names.split()}
    return {
        "notice": NOTICE,
        "botocore": botocore.__version__,
        "metadata": model["metadata"],
        "operations": operations,
        "otherOperations": sorted(set(model["operations"]) - set(operations)),
        "shapes": {name: strip_shape(model["shapes"][name]) for name in reach(model, operations)},
    }


def main():
    for service, (version, names) in SCOPE.items():
        target = pathlib.Path(__file__).with_name(service + ".json")
        target.write_text(json.dumps(trim(service, version, names), indent=1) + "\n")
        print(target.name, target.stat().st_size)


if __name__ == "__main__":
    main()
