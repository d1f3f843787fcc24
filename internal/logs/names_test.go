package logs_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/logs"
)

func TestCheckGroupName(t *testing.T) {
	for name, ok := range map[string]bool{
		"a": true, "/aws/lambda/f": true, "A-z_0.9#/": true, strings.Repeat("x", 512): true, "AWS": true,
		"": false, strings.Repeat("x", 513): false, "a b": false, "a:b": false, "a*": false, "é": false, "aws/x": false,
	} {
		if err := logs.CheckGroupName(name); (err == nil) != ok {
			t.Errorf("CheckGroupName(%.20q) = %v, want ok %t", name, err, ok)
		}
	}
}

func TestCheckStreamName(t *testing.T) {
	for name, ok := range map[string]bool{
		"a": true, "111122223333_CloudTrail_us-east-1": true, "with space é [x]/y": true, strings.Repeat("é", 512): true,
		"": false, strings.Repeat("x", 513): false, "a:b": false, "a*": false,
	} {
		if err := logs.CheckStreamName(name); (err == nil) != ok {
			t.Errorf("CheckStreamName(%.20q) = %v, want ok %t", name, err, ok)
		}
	}
}

func TestGroupName(t *testing.T) {
	scope := arn.Scope{Partition: "aws", Account: "111122223333", Region: "us-east-1"}
	for _, tt := range []struct{ identifier, want string }{
		{"/cloudtrail/main", "/cloudtrail/main"},
		{"arn:aws:logs:us-east-1:111122223333:log-group:/cloudtrail/main", "/cloudtrail/main"},
		{"arn:aws:logs:us-east-1:111122223333:log-group:/cloudtrail/main:*", "/cloudtrail/main"},
	} {
		if got, err := logs.GroupName(scope, tt.identifier); err != nil || got != tt.want {
			t.Errorf("GroupName(%s) = %q, %v, want %q", tt.identifier, got, err, tt.want)
		}
	}
	for _, elsewhere := range []string{"arn:aws:logs:eu-west-1:111122223333:log-group:a", "arn:aws:logs:us-east-1:444455556666:log-group:a"} {
		if _, err := logs.GroupName(scope, elsewhere); !errors.Is(err, logs.ErrNoGroup) {
			t.Errorf("GroupName(%s) = %v, want ErrNoGroup", elsewhere, err)
		}
	}
	var invalid *logs.InvalidError
	for _, wrong := range []string{"arn:", "arn:aws:sns:us-east-1:111122223333:log-group:a", "arn:aws:logs:us-east-1:111122223333:destination:a"} {
		if _, err := logs.GroupName(scope, wrong); !errors.As(err, &invalid) {
			t.Errorf("GroupName(%s) = %v, want an InvalidError", wrong, err)
		}
	}
}

func TestCheckRetention(t *testing.T) {
	for days, ok := range map[int]bool{1: true, 7: true, 30: true, 3653: true, 0: false, 2: false, -1: false, 3654: false} {
		if err := logs.CheckRetention(days); (err == nil) != ok {
			t.Errorf("CheckRetention(%d) = %v, want ok %t", days, err, ok)
		}
	}
}

func FuzzPageToken(f *testing.F) {
	f.Add("groups", "/cloudtrail/main")
	f.Add("", "\x00")
	f.Fuzz(func(t *testing.T, kind, place string) {
		kind = strings.ReplaceAll(kind, "\x00", "")
		if got, err := logs.ParsePageToken(kind, logs.PageToken(kind, place)); err != nil || got != place {
			t.Errorf("ParsePageToken(PageToken(%q)) = %q, %v", place, got, err)
		}
		if _, err := logs.ParsePageToken(kind+"x", logs.PageToken(kind, place)); !errors.Is(err, logs.ErrBadToken) {
			t.Errorf("ParsePageToken of another kind = %v, want ErrBadToken", err)
		}
		if got, err := logs.ParsePageToken(kind, place); err != nil && !errors.Is(err, logs.ErrBadToken) {
			t.Errorf("ParsePageToken(%q) = %q, %v, want ErrBadToken", place, got, err)
		}
	})
}
