package main

// service is what the models do not say.
type service struct {
	name           string // of the model and of the package; also the prefix of IAM actions
	errorNamespace string
	validation     errorName
	unbounded      []string            // shapes whose greatest length the service checks itself, in other words than the model's
	patternless    []string            // shapes whose pattern AWS was seen not to enforce
	order          map[string][]string // of members and enum values, where AWS was seen to print another than the model's
}

type errorName struct{ Type, Code string } // as in package wire

// The error names were recorded from AWS by LocalStack's validated tests.
var services = []service{
	{
		name:           "cloudwatch",
		errorNamespace: "com.amazonaws.cloudwatch.v2010_08_01#",
		validation:     errorName{Type: "com.amazon.coral.validate#ValidationException", Code: "ValidationError"},
		order:          map[string][]string{"StateValue": {"INSUFFICIENT_DATA", "ALARM", "OK"}},
	},
	{
		name:       "logs",
		validation: errorName{Type: "InvalidParameterException", Code: "InvalidParameterException"},
		unbounded:  []string{"LogGroupName", "LogStreamName"},
		// A metric filter may fill a namespace with a colon in it.
		patternless: []string{"MetricNamespace"},
		order:       map[string][]string{"MetricTransformation": {"metricName", "metricNamespace", "metricValue", "defaultValue", "unit", "dimensions"}},
	},
	{
		name:       "sns",
		validation: errorName{Type: "ValidationException", Code: "ValidationError"},
	},
	{
		name:       "sts",
		validation: errorName{Type: "ValidationException", Code: "ValidationError"},
	},
}

// protocols are those of a model's "protocols" that Tocsin speaks.
var protocols = map[string]map[string]string{ // name, jsonVersion
	"query":              {"": "wire.Query", "1.0": "wire.Query", "1.1": "wire.Query"},
	"json":               {"1.0": "wire.JSON10", "1.1": "wire.JSON11"},
	"smithy-rpc-v2-cbor": {"": "wire.CBOR", "1.0": "wire.CBOR", "1.1": "wire.CBOR"},
}
