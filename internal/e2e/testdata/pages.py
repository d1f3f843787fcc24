"""Makes more of everything than fits a page, several at a time, and lists it with
botocore's paginators and the waiter: each once, in order, none missing."""
import concurrent.futures
import sys

from clients import client

logs, cloudwatch, sns = (client(name, config={"max_pool_connections": 8}) for name in ("logs", "cloudwatch", "sns"))
MANY = range(1001)
SOME = range(301)  # of what has pages of 100
failures = 0


def many(make, numbers=MANY):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(make, numbers))


def listed(c, operation, key, name, **query):
    pages = c.get_paginator(operation).paginate(**query)
    return [item[name] for page in pages for item in page[key]]


def check(what, got, want):
    global failures
    if got != want:
        failures += 1
        print(f"{what}: {len(got)} listed ({len(set(got))} different, {'' if got == sorted(got) else 'not '}in order), want {len(want)}")


def names(prefix, numbers=MANY):
    return [f"{prefix}{n:04d}" for n in numbers]


many(lambda n: logs.create_log_group(logGroupName=f"many/{n:04d}"))
check("log groups by prefix", listed(logs, "describe_log_groups", "logGroups", "logGroupName", logGroupNamePrefix="many/"), names("many/"))
check("log groups by pattern", listed(logs, "describe_log_groups", "logGroups", "logGroupName", logGroupNamePattern="ANY/1"), ["many/1000"])

many(lambda n: logs.create_log_stream(logGroupName="many/0000", logStreamName=f"s{n:04d}"), range(101))
for query, want in [({}, 1), ({"descending": True}, -1), ({"orderBy": "LastEventTime"}, 1), ({"orderBy": "LastEventTime", "descending": True}, -1)]:
    check(f"log streams {query}", listed(logs, "describe_log_streams", "logStreams", "logStreamName", logGroupName="many/0000", **query), names("s", range(101))[::want])


def put_filter(n):
    logs.put_metric_filter(logGroupName=f"many/{n // 100:04d}", filterName=f"f{n:04d}", filterPattern="x",
                           metricTransformations=[{"metricName": "m", "metricNamespace": "N", "metricValue": "1"}])


many(put_filter)
check("metric filters", listed(logs, "describe_metric_filters", "metricFilters", "filterName"), names("f"))
check("metric filters by metric", listed(logs, "describe_metric_filters", "metricFilters", "filterName", metricName="m", metricNamespace="N"), names("f"))
check("metric filters of a group", listed(logs, "describe_metric_filters", "metricFilters", "filterName", logGroupName="many/0001"), names("f", range(100, 200)))


def put_alarm(n):
    cloudwatch.put_metric_alarm(AlarmName=f"a{n:04d}", Namespace="N", MetricName="m", Statistic="Sum", Period=60, EvaluationPeriods=1,
                                Threshold=1, ComparisonOperator="GreaterThanThreshold")


many(put_alarm)
cloudwatch.get_waiter("alarm_exists").wait(AlarmNames=["a1000"])
check("alarms", listed(cloudwatch, "describe_alarms", "MetricAlarms", "AlarmName"), names("a"))
check("alarms of a metric", [a["AlarmName"] for a in cloudwatch.describe_alarms_for_metric(Namespace="N", MetricName="m")["MetricAlarms"]], names("a"))
check("alarm history", sorted(listed(cloudwatch, "describe_alarm_history", "AlarmHistoryItems", "AlarmName", HistoryItemType="ConfigurationUpdate")), names("a"))
check("alarm history, oldest first", sorted(listed(cloudwatch, "describe_alarm_history", "AlarmHistoryItems", "AlarmName",
                                                   HistoryItemType="ConfigurationUpdate", ScanBy="TimestampAscending")), names("a"))

cloudwatch.put_metric_data(Namespace="P", MetricData=[{"MetricName": f"m{n:04d}", "Value": n} for n in range(1000)])
cloudwatch.put_metric_data(Namespace="P", MetricData=[{"MetricName": "m1000", "Value": 1}])
check("metrics", listed(cloudwatch, "list_metrics", "Metrics", "MetricName", Namespace="P"), names("m"))

many(lambda n: sns.create_topic(Name=f"t{n:04d}"), SOME)
check("topics", [arn.split(":")[-1] for arn in listed(sns, "list_topics", "Topics", "TopicArn")], names("t", SOME))
topic = sns.create_topic(Name="t0000")["TopicArn"]
many(lambda n: sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=f"u{n:04d}@example.com"), SOME)
for operation, query in [("list_subscriptions_by_topic", {"TopicArn": topic}), ("list_subscriptions", {})]:
    check(operation, sorted(listed(sns, operation, "Subscriptions", "Endpoint", **query)), [n + "@example.com" for n in names("u", SOME)])

print(f"pages: {failures} failures")
sys.exit(1 if failures else 0)
