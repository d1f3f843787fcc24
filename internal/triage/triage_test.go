package triage_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/net/html"

	"github.com/tocsin-dev/tocsin/internal/triage"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var arrival = time.Date(2026, 1, 2, 3, 10, 0, 0, time.UTC)

// call is what the records of these tests differ in.
type call struct {
	identity, source, name, code, message, address, agent string
	at                                                    int // seconds after 03:00:00
}

func (c call) match(n int) triage.Match {
	record := map[string]any{
		"eventVersion": "1.11", "userIdentity": json.RawMessage(c.identity), "eventTime": time.Date(2026, 1, 2, 3, 0, c.at, 0, time.UTC),
		"eventSource": c.source, "eventName": c.name, "awsRegion": "us-east-1", "sourceIPAddress": c.address, "userAgent": c.agent,
		"errorCode": c.code, "errorMessage": c.message, "eventID": fmt.Sprintf("00000000-0000-4000-8000-%012d", n), "eventType": "AwsApiCall",
		"recipientAccountId": "111122223333",
	}
	message, err := json.Marshal(record)
	if err != nil {
		panic(err)
	}
	return triage.Match{Message: message, LogEventID: fmt.Sprintf("%056d", n), Time: arrival}
}

const (
	alice = `{"type":"IAMUser","principalId":"AIDAEXAMPLE","arn":"arn:aws:iam::111122223333:user/alice","accountId":"111122223333","accessKeyId":"AKIAIOSFODNN7EXAMPLE","userName":"alice"}`
	ci    = `{"type":"AssumedRole","principalId":"AROAEXAMPLE:build-7","arn":"arn:aws:sts::111122223333:assumed-role/ci/build-7","accountId":"111122223333","accessKeyId":"ASIAIOSFODNN7EXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/ci","accountId":"111122223333","userName":"ci"}}}`
	root  = `{"type":"Root","principalId":"111122223333","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333"}`
	logs  = `{"type":"AWSService","invokedBy":"delivery.logs.amazonaws.com"}`
)

func listBuckets(at int) call {
	return call{
		alice, "s3.amazonaws.com", "ListBuckets", "AccessDenied",
		"User: arn:aws:iam::111122223333:user/alice is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action",
		"203.0.113.7", "[aws-cli/2.15.30 Python/3.11.8 Linux/6.1 exe/x86_64 prompt/off command/s3.ls]", at,
	}
}

func matches(calls ...call) (m []triage.Match) {
	for i, c := range calls {
		m = append(m, c.match(i))
	}
	return m
}

func TestSectionGolden(t *testing.T) {
	runInstances := call{
		ci, "ec2.amazonaws.com", "RunInstances", "Client.UnauthorizedOperation",
		"You are not authorized to perform this operation. User: arn:aws:sts::111122223333:assumed-role/ci/build-7 is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:111122223333:instance/* with an explicit deny in a service control policy: arn:aws:organizations::999999999999:policy/o-example/service_control_policy/p-example. Encoded authorization failure message: AbCdEf",
		"198.51.100.23", "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.80.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.32.5 ua/2.1 os/linux lang/go#1.23.3 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.193.0 m/g,u", 70,
	}
	tests := []struct {
		name    string
		matches []triage.Match
		o       triage.Options
	}{
		{"one", matches(listBuckets(4)), triage.Options{}},
		{"several", matches(
			listBuckets(4), listBuckets(9), runInstances, listBuckets(5),
			call{alice, "secretsmanager.amazonaws.com", "GetSecretValue", "AccessDeniedException", "Access to KMS is not allowed", "198.51.100.99", "Boto3/1.35.0", 80},
			call{root, "cloudtrail.amazonaws.com", "StopLogging", "", "", "203.0.113.200", "console.amazonaws.com", 20},
			call{logs, "s3.amazonaws.com", "PutObject", "AccessDenied", "Access Denied", "delivery.logs.amazonaws.com", "delivery.logs.amazonaws.com", 30},
		), triage.Options{Omitted: 3}},
		{"lines", []triage.Match{
			{Message: []byte("sshd[12]: Failed password for root from 192.0.2.1\nport 22"), LogEventID: "38", Time: arrival},
			{Message: []byte(`{"level":"error","msg":"<script>alert(1)</script>"}`), LogEventID: "39", Time: arrival},
		}, triage.Options{}},
		{"nothing", nil, triage.Options{Omitted: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := triage.Section(tt.matches, tt.o)
			golden(t, tt.name+".txt", got.Text)
			golden(t, tt.name+".html", got.HTML)
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("section differs from %s:\n%s", path, got)
	}
}

// Every group shows what is needed to find its calls, however many there are.
func TestSectionManyPrincipals(t *testing.T) {
	var m []triage.Match
	for i := range 30 {
		for j := range 40 - i {
			c := listBuckets(j)
			c.identity = fmt.Sprintf(`{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/user%02d"}`, i)
			c.address = fmt.Sprintf("203.0.113.%d", i)
			c.agent = fmt.Sprintf("agent-of-%02d", i)
			m = append(m, c.match(i*100+j))
		}
	}
	got := triage.Section(m, triage.Options{})
	for _, part := range []string{got.Text, plain(t, got.HTML)} {
		for i := range 20 {
			for _, want := range []string{
				fmt.Sprintf("%d. IAM user user%02d in account 111122223333: %d calls", i+1, i, 40-i),
				fmt.Sprintf("203.0.113.%d", i), fmt.Sprintf("agent-of-%02d", i), fmt.Sprintf("00000000-0000-4000-8000-%012d", i*100+39-i),
			} {
				if !strings.Contains(part, want) {
					t.Errorf("group %d lacks %q", i, want)
				}
			}
		}
		if want := "and 155 calls by 10 more principals"; !strings.Contains(part, want) {
			t.Errorf("section lacks %q:\n%s", want, part)
		}
	}
}

// plain is the text of a fragment of HTML.
func plain(t *testing.T, fragment string) string {
	t.Helper()
	var b strings.Builder
	for _, n := range nodes(t, fragment) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return b.String()
}

func nodes(t *testing.T, fragment string) (all []*html.Node) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(fragment))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		all = append(all, n)
	}
	return all
}

// hostile are values that try to get out of their place.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</td></table></div><form action=//evil.example>`, `{{.Title}}`, `'-alert(1)-'`,
	`--></style><svg onload=alert(1)>`, `<a href="javascript:alert(1)">x</a>`, "line\r\nBcc: victim@example.com\r\n\r\nbody", "\n1. IAM user admin in account 1: 0 calls",
	"\u202egnp.exe", "\u2066x\u2069", "zero\u200bwidth\ufeff", "\x1b[2Jescape\x07\x00", "\xff\xfe\xc0", "\u2028new\u2029line\u0085x", "\U000e0041tag", strings.Repeat("long ", 10_000),
}

func TestSectionHostileFields(t *testing.T) {
	calm := triage.Section(matches(listBuckets(1)), triage.Options{})
	for _, evil := range hostile {
		quoted, err := json.Marshal(evil)
		if err != nil {
			t.Fatal(err)
		}
		c := call{
			fmt.Sprintf(`{"type":"AssumedRole","principalId":%[1]s,"arn":%[1]s,"accountId":%[1]s,"accessKeyId":%[1]s,"invokedBy":%[1]s,"userName":%[1]s,"sessionContext":{"sessionIssuer":{"arn":%[1]s,"userName":%[1]s}}}`, quoted),
			evil, evil, evil, "User: " + evil + " is not authorized to perform: s3:GetObject on resource: " + evil, evil, evil, 1,
		}
		m := matches(c, c)
		m[1].Message = []byte(strings.Replace(string(m[1].Message), "User: ", "", 1))
		m = append(m, triage.Match{Message: []byte(evil), LogEventID: evil})
		got := triage.Section(m, triage.Options{})
		check(t, got)
		for _, n := range nodes(t, got.HTML) {
			if n.Type == html.ElementNode && !strings.Contains(calm.HTML+"<html <head <body <tbody <blockquote", "<"+n.Data) {
				t.Errorf("%q brings in an element <%s>", evil, n.Data)
			}
			if n.Type == html.CommentNode {
				t.Errorf("%q brings in a comment", evil)
			}
			for _, a := range n.Attr {
				if a.Key != "style" && a.Key != "role" {
					t.Errorf("%q brings in an attribute %s=%q", evil, a.Key, a.Val)
				}
			}
		}
	}
}

// check holds what is true of every section.
func check(t *testing.T, e triage.Explanation) {
	t.Helper()
	if len(e.Text) > 200_000 || len(e.HTML) > 600_000 {
		t.Errorf("section has %d bytes of text and %d of HTML", len(e.Text), len(e.HTML))
	}
	for _, c := range e.Text + e.HTML {
		if c != '\n' && !unicode.IsGraphic(c) {
			t.Fatalf("section holds the character %U", c)
		}
	}
	for i, l := range strings.Split(strings.TrimSuffix(e.Text, "\n"), "\n") {
		if len(l) > 4000 {
			t.Errorf("line %d has %d bytes", i, len(l))
		}
	}
}

// However many events there are, and however large, the section is bounded.
func TestSectionBounded(t *testing.T) {
	var m []triage.Match
	for i := range 500 {
		long := fmt.Sprint(i) + strings.Repeat("<é\u202e", 500)
		c := call{`{"type":"IAMUser","arn":"arn:aws:iam::1:user/` + long[:40*(i%50)+1] + `"}`, long, long, long, long, long, long, i}
		m = append(m, c.match(i), triage.Match{Message: []byte(long), LogEventID: long, Time: arrival})
	}
	got := triage.Section(m, triage.Options{Omitted: 1 << 40})
	check(t, got)
}

func FuzzSection(f *testing.F) {
	f.Add(listBuckets(1).match(1).Message, "id", 0)
	for _, evil := range hostile {
		f.Add([]byte(evil), evil, 7)
		f.Add([]byte(fmt.Sprintf(`{"eventID":%q,"eventName":%q,"userAgent":%q,"userIdentity":{"userName":%q}}`, evil, evil, evil, evil)), evil, -1)
	}
	f.Fuzz(func(t *testing.T, message []byte, id string, omitted int) {
		m := triage.Match{Message: message, LogEventID: id, Time: arrival}
		check(t, triage.Section([]triage.Match{m, m}, triage.Options{Omitted: omitted}))
	})
}

func BenchmarkSection(b *testing.B) {
	var m []triage.Match
	for i := range 1000 {
		m = append(m, listBuckets(i%60).match(i))
	}
	for b.Loop() {
		triage.Section(m, triage.Options{})
	}
}
