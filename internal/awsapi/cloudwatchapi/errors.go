package cloudwatchapi

import (
	"errors"

	"github.com/tocsin-dev/tocsin/alarmeval"
	"github.com/tocsin-dev/tocsin/internal/alarm"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/cloudwatch"
)

// faults are the station's errors in AWS's words. ResourceNotFound has none, as
// recorded from AWS.
var faults = []struct {
	is, answer error
}{
	{alarm.ErrNotFound, &shapes.ResourceNotFound{}},
	{alarm.ErrNotJSON, &shapes.InvalidFormatFault{Message: "Data was not syntactically valid JSON."}},
	{alarm.ErrInvalidToken, &shapes.InvalidNextToken{Message: "The next token specified is invalid."}},
}

// fault is the error as AWS answers it. What AWS has no words for stays as it
// is: an internal failure.
func fault(err error) error {
	for _, f := range faults {
		if errors.Is(err, f.is) {
			return f.answer
		}
	}
	if wrong := (*alarmeval.Error)(nil); errors.As(err, &wrong) {
		return invalid("%s", wrong.Message)
	}
	return err
}
