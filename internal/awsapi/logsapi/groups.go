package logsapi

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/awsapi"
	shapes "github.com/tocsin-dev/tocsin/internal/awsapi/shapes/logs"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
	"github.com/tocsin-dev/tocsin/internal/logs"
)

// listLimit is the default and largest page of the Describe operations.
const listLimit = 50

// CreateLogGroup makes a log group.
func (a *api) CreateLogGroup(ctx context.Context, in *shapes.CreateLogGroupInput) (*shapes.CreateLogGroupOutput, error) {
	if wire.Value(in.DeletionProtectionEnabled) {
		return nil, invalid("Deletion protection is not supported.")
	}
	if err := checkKeys(maps.Keys(in.Tags)); err != nil {
		return nil, err
	}
	return nil, a.logs.CreateGroup(ctx, logs.Group{
		Scope: scope(ctx), Name: wire.Value(in.LogGroupName), Class: logs.Class(wire.Value(in.LogGroupClass)), KMSKeyID: wire.Value(in.KmsKeyId),
	}, in.Tags)
}

// DescribeLogGroups lists log groups in order of name.
func (a *api) DescribeLogGroups(ctx context.Context, in *shapes.DescribeLogGroupsInput) (*shapes.DescribeLogGroupsOutput, error) {
	query, err := groupQuery(scope(ctx), in)
	if err != nil {
		return nil, err
	}
	out := &shapes.DescribeLogGroupsOutput{LogGroups: []shapes.LogGroup{}}
	if len(in.AccountIdentifiers) > 0 && !slices.Contains(in.AccountIdentifiers, query.Scope.Account) ||
		in.LogGroupIdentifiers != nil && len(query.Names) == 0 {
		return out, nil // all that is asked for lies in other accounts
	}
	groups, err := a.logs.Groups(ctx, query)
	if err != nil {
		return nil, err
	}
	if limit := query.Limit - 1; len(groups) > limit {
		groups = groups[:limit]
		out.NextToken = new(logs.PageToken(groupsToken, groups[limit-1].Name))
	}
	for _, g := range groups {
		out.LogGroups = append(out.LogGroups, describeGroup(g, query.Contains != ""))
	}
	return out, nil
}

const groupsToken = "groups"

// groupQuery asks for one group more than a page has, to know whether there is another page.
func groupQuery(scope arn.Scope, in *shapes.DescribeLogGroupsInput) (logs.GroupQuery, error) {
	query := logs.GroupQuery{
		Scope: scope, Prefix: wire.Value(in.LogGroupNamePrefix), Contains: wire.Value(in.LogGroupNamePattern),
		Class: logs.Class(wire.Value(in.LogGroupClass)), Limit: int(wire.Or(in.Limit, listLimit)) + 1,
	}
	if query.Prefix != "" && query.Contains != "" {
		return query, invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
	}
	for _, identifier := range in.LogGroupIdentifiers {
		name, err := logs.GroupName(scope, identifier)
		if errors.Is(err, logs.ErrNoGroup) {
			continue
		}
		if err != nil {
			return query, err
		}
		query.Names = append(query.Names, name)
	}
	var err error
	if in.NextToken != nil {
		query.After, err = logs.ParsePageToken(groupsToken, *in.NextToken)
	}
	return query, err
}

// describeGroup is a group as AWS lists it. A search by pattern does not say
// how large groups are (recorded from AWS).
func describeGroup(g logs.Group, byPattern bool) shapes.LogGroup {
	name := g.ARN().String()
	out := shapes.LogGroup{
		LogGroupName: &g.Name, Arn: new(name + ":*"), LogGroupArn: &name, CreationTime: millis(g.Created),
		LogGroupClass: new(string(g.Class)), MetricFilterCount: new(int32(g.MetricFilters)),
	}
	if g.KMSKeyID != "" {
		out.KmsKeyId = &g.KMSKeyID
	}
	if g.RetentionDays > 0 {
		out.RetentionInDays = new(int32(g.RetentionDays))
	}
	if !byPattern {
		out.StoredBytes, out.DeletionProtectionEnabled = &g.StoredBytes, new(false)
	}
	return out
}

// DeleteLogGroup removes a log group and all that is in it.
func (a *api) DeleteLogGroup(ctx context.Context, in *shapes.DeleteLogGroupInput) (*shapes.DeleteLogGroupOutput, error) {
	return nil, a.logs.DeleteGroup(ctx, scope(ctx), wire.Value(in.LogGroupName))
}

// PutRetentionPolicy sets how long events are kept.
func (a *api) PutRetentionPolicy(ctx context.Context, in *shapes.PutRetentionPolicyInput) (*shapes.PutRetentionPolicyOutput, error) {
	days := int(wire.Value(in.RetentionInDays))
	if err := logs.CheckRetention(days); err != nil {
		return nil, err
	}
	return nil, a.logs.SetRetention(ctx, scope(ctx), wire.Value(in.LogGroupName), days)
}

// DeleteRetentionPolicy lets events be kept for ever.
func (a *api) DeleteRetentionPolicy(ctx context.Context, in *shapes.DeleteRetentionPolicyInput) (*shapes.DeleteRetentionPolicyOutput, error) {
	return nil, a.logs.SetRetention(ctx, scope(ctx), wire.Value(in.LogGroupName), 0)
}

func scope(ctx context.Context) arn.Scope { return awsapi.CallFrom(ctx).Scope }

// groupName is the group that a request names, by name or by identifier.
func groupName(ctx context.Context, name, identifier *string) (string, error) {
	switch {
	case name != nil && identifier != nil:
		return "", &shapes.ValidationException{Message: "LogGroup name and LogGroup ARN are mutually exclusive parameters."}
	case identifier != nil:
		return logs.GroupName(scope(ctx), *identifier)
	case name == nil:
		return "", &wire.ValidationError{Message: "1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null"}
	}
	return *name, nil
}

func millis(t time.Time) *int64 { return new(t.UnixMilli()) }
