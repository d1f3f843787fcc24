package e2e

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/e2e/instance"
)

const denied = `{"eventVersion":"1.09","userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE","arn":"arn:aws:iam::111122223333:user/mallory","accountId":"111122223333","userName":"mallory"},"eventTime":"2026-11-20T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"ListBuckets","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.7","userAgent":"aws-cli/2.17 <b>bold</b>","errorCode":"AccessDenied","errorMessage":"User: arn:aws:iam::111122223333:user/mallory is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action","requestParameters":null,"responseElements":null,"eventID":"11111111-2222-3333-4444-555555555555","eventType":"AwsApiCall"}`

// The recipes run unchanged, boto3's first, and what they set up rings.
func TestRecipes(t *testing.T) {
	in := serve(t)
	out := mustClient(t, in, "python3", "testdata/recipes/recipe.py")
	if want := "AWSCloudAuthorizationFailure arn:aws:cloudwatch:us-east-1:000000000000:alarm:AWSAuthorizationFailureAlarm INSUFFICIENT_DATA"; out != want {
		t.Errorf("recipe.py printed %q, want %q", out, want)
	}
	mustClient(t, in, "bash", "testdata/recipes/cli.sh")
	mustClient(t, in, "env", "RECIPE=all", "bash", "testdata/recipes/cli.sh") // again: every call is idempotent

	t.Run("as written is refused", func(t *testing.T) {
		out, err := client(t, in, "env", "RECIPE=001-as-written", "bash", "testdata/recipes/cli.sh")
		if err == nil || !strings.Contains(out, "(ValidationError)") || !strings.Contains(out, "'SUM' at 'statistic' failed to satisfy constraint") {
			t.Errorf("001-as-written: %v, %s; want a ValidationError for SUM", err, out)
		}
	})
	t.Run("confirmed by the link", func(t *testing.T) {
		page := visit(t, confirmationLink(t, in, "cloudguard-topic"))
		if answer := press(t, in, page); !strings.Contains(answer, "Subscription confirmed") {
			t.Errorf("the button of the confirmation page answered %q, want that the subscription is confirmed", answer)
		}
	})
	t.Run("confirmed by confirm-subscription", func(t *testing.T) {
		link := confirmationLink(t, in, "lab-security-alerts")
		token := regexp.MustCompile(`Token=([0-9a-f]+)`).FindStringSubmatch(link)[1]
		aws(t, in, "sns", "confirm-subscription", "--topic-arn", "arn:aws:sns:us-east-1:000000000000:lab-security-alerts", "--token", token)
	})
	t.Run("a denied record becomes a mail", func(t *testing.T) {
		took := putDenied(t, in, "cloudguard-log-group", func() {
			text := mail(t, in, 10*time.Second, `ALARM: "UNAUTHORIZED_API_CALLS_ALARM" in US East (N. Virginia)`, "mallory", "s3:ListAllMyBuckets", "198.51.100.7", "11111111-2222-3333-4444-555555555555")
			if strings.Contains(text, "<b>bold</b>") && strings.Contains(text[strings.Index(text, "text/html"):], "<b>bold</b>") {
				t.Error("the HTML part shows the user agent's markup unescaped")
			}
		})
		t.Logf("from put-log-events to the mail: %v", took)
		if took > 2*time.Second {
			t.Errorf("the mail took %v, want at most 2s", took)
		}
	})
	t.Run("the lab log's alarm cannot ring", func(t *testing.T) {
		putDenied(t, in, "lab-cloudtrail", func() {})
		state := aws(t, in, "cloudwatch", "describe-alarms", "--alarm-names", "Alarm-Unauthorized-API-Calls", "--query", "MetricAlarms[0].StateValue", "--output", "text")
		if state != "INSUFFICIENT_DATA" {
			t.Errorf("state = %s, want INSUFFICIENT_DATA", state)
		}
	})
}

func confirmationLink(t *testing.T, in *instance.Instance, topic string) string {
	t.Helper()
	link := regexp.MustCompile(`http://[^\s"<>]+Token=[0-9a-f]+`)
	mails, err := in.Mails()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range mails {
		text = strings.ReplaceAll(unfold(text), "&amp;", "&")
		if strings.Contains(text, "Subscription Confirmation") && strings.Contains(text, topic) {
			if found := link.FindString(text); found != "" {
				return found
			}
		}
	}
	t.Fatalf("no confirmation mail for %s among %d", topic, len(mails))
	return ""
}

// putDenied puts one denied record with the AWS CLI and measures from the
// moment that the CLI has its answer until then returns.
func putDenied(t *testing.T, in *instance.Instance, group string, then func()) time.Duration {
	t.Helper()
	aws(t, in, "logs", "create-log-stream", "--log-group-name", group, "--log-stream-name", "s")
	events, err := json.Marshal([]map[string]any{{"timestamp": time.Now().UnixMilli(), "message": denied}})
	if err != nil {
		t.Fatal(err)
	}
	aws(t, in, "logs", "put-log-events", "--log-group-name", group, "--log-stream-name", "s", "--log-events", string(events))
	answered := time.Now()
	then()
	return time.Since(answered)
}
