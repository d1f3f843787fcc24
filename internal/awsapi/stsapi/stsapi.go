// Package stsapi is the little of AWS's Security Token Service that clients
// ask before anything else: who am I?
package stsapi

import (
	"context"

	"github.com/tocsin-dev/tocsin/internal/awsapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/sts"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// Service is the API.
func Service() awsapi.Service {
	return awsapi.Service{Model: shapes.Model(), Ops: []wire.Operation{
		wire.Op(getCallerIdentity),
	}}
}

// getCallerIdentity names the caller. Nobody needs a permission for it, and none
// can deny it.
func getCallerIdentity(ctx context.Context, _ *shapes.GetCallerIdentityInput) (*shapes.GetCallerIdentityOutput, error) {
	caller := awsapi.CallFrom(ctx).Caller
	return &shapes.GetCallerIdentityOutput{Account: &caller.Account, Arn: &caller.ARN, UserId: &caller.UserID}, nil
}
