package snsapi

import (
	"errors"

	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/sns"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

// faults are AWS's codes for the refusals of the topic station, whose texts are
// AWS's already.
var faults = map[topic.Kind]func(message string) error{
	topic.NotFound:         func(m string) error { return &shapes.NotFoundException{Message: m} },
	topic.ResourceNotFound: func(m string) error { return &shapes.ResourceNotFoundException{Message: m} },
	topic.Invalid:          func(m string) error { return &shapes.InvalidParameterException{Message: m} },
	topic.InvalidValue:     func(m string) error { return &shapes.InvalidParameterValueException{Message: m} },
	topic.Denied:           func(m string) error { return &shapes.AuthorizationErrorException{Message: m} },
	topic.TagLimit:         func(m string) error { return &shapes.TagLimitExceededException{Message: m} },
	topic.BatchEmpty:       func(m string) error { return &shapes.EmptyBatchRequestException{Message: m} },
	topic.BatchTooMany:     func(m string) error { return &shapes.TooManyEntriesInBatchRequestException{Message: m} },
	topic.BatchTooLong:     func(m string) error { return &shapes.BatchRequestTooLongException{Message: m} },
	topic.BatchIDInvalid:   func(m string) error { return &shapes.InvalidBatchEntryIdException{Message: m} },
	topic.BatchIDTwice:     func(m string) error { return &shapes.BatchEntryIdsNotDistinctException{Message: m} },
}

// fault is the error as AWS answers it. What is no refusal stays as it is: an
// internal failure.
func fault(err error) error {
	var refusal *topic.Error
	if !errors.As(err, &refusal) {
		return err
	}
	if answer, ok := faults[refusal.Kind]; ok {
		return answer(refusal.Message)
	}
	return err
}

func invalid(what string) error {
	return &shapes.InvalidParameterException{Message: "Invalid parameter: " + what}
}
