package logsapi

import (
	"errors"

	"github.com/tocsin-dev/tocsin/filterpattern"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/logs"
	"github.com/tocsin-dev/tocsin/internal/logs"
	"github.com/tocsin-dev/tocsin/internal/metricfilter"
)

// faults are the stations' errors in AWS's words, full stops included or not
// as recorded from AWS.
var faults = []struct {
	is, answer error
}{
	{logs.ErrNoGroup, notFound("The specified log group does not exist.")},
	{logs.ErrNoStream, notFound("The specified log stream does not exist.")},
	{logs.ErrGroupExists, exists("The specified log group already exists")},
	{logs.ErrStreamExists, exists("The specified log stream already exists")},
	{logs.ErrBadToken, invalid("The specified nextToken is invalid.")},
	{logs.ErrTooManyTags, &shapes.TooManyTagsException{Message: "The resource would have more than 50 tags."}},
	{metricfilter.ErrLimitExceeded, &shapes.LimitExceededException{Message: "Resource limit exceeded."}},
}

// fault is the error as AWS answers it. What AWS has no words for stays as it
// is: an internal failure.
func fault(err error) error {
	for _, f := range faults {
		if errors.Is(err, f.is) {
			return f.answer
		}
	}
	var group *logs.InvalidError
	var filter *metricfilter.InvalidError
	var pattern *filterpattern.SyntaxError
	switch {
	case errors.As(err, &group):
		return invalid(group.Message)
	case errors.As(err, &filter):
		return invalid(filter.Message)
	case errors.As(err, &pattern):
		return invalid(pattern.Msg)
	}
	return err
}

func invalid(message string) error { return &shapes.InvalidParameterException{Message: message} }

func notFound(message string) error { return &shapes.ResourceNotFoundException{Message: message} }

func exists(message string) error { return &shapes.ResourceAlreadyExistsException{Message: message} }
