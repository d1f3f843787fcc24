package e2e

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/awsapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/cloudwatchapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/logsapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/snsapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/stsapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

var update = flag.Bool("update", false, "write docs/api-coverage.md anew")

// Every operation of the tables answers boto3, in every protocol that boto3 can
// be made to speak, and docs/api-coverage.md says so.
func TestCoverage(t *testing.T) {
	t.Parallel()
	services := []awsapi.Service{logsapi.New(nil, nil), cloudwatchapi.New(nil, nil), snsapi.New(nil), stsapi.Service()}
	called := smoke(t)
	for _, s := range services {
		for _, op := range s.Ops {
			if called[s.Model.Service+" "+op.Name] == nil {
				t.Errorf("the smoke test does not call %s:%s", s.Model.Service, op.Name)
			}
		}
	}
	path, page := filepath.Join(root, "docs", "api-coverage.md"), coveragePage(services, called)
	if *update {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != page {
		t.Errorf("%s is not current (%v): run go test ./internal/e2e -run TestCoverage -update", path, err)
	}
}

// smoke calls every operation and returns the protocols in which each answered,
// by "service operation".
func smoke(t *testing.T) map[string][]string {
	t.Helper()
	in := serve(t)
	out, err := client(t, in, "python3", "testdata/smoke.py", filepath.Join(in.Data, "mail"))
	if err != nil {
		t.Fatalf("smoke.py: %v\n%s", err, out)
	}
	called := map[string][]string{}
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		if len(fields) != 3 {
			t.Fatalf("smoke.py printed %q, want service, protocol and operation", line)
		}
		operation := fields[0] + " " + fields[2]
		if !slices.Contains(called[operation], fields[1]) {
			called[operation] = append(called[operation], fields[1])
		}
	}
	return called
}

const coverageHead = `# API coverage

Which AWS operations Tocsin answers. The operations are those of the tables in ` + "`internal/awsapi`" + `; the last column says
over which protocols ` + "`internal/e2e/testdata/smoke.py`" + ` has called them with boto3. Written by
` + "`go test ./internal/e2e -run TestCoverage -update`" + `; that test fails when this page is not current.

An operation that AWS has and Tocsin does not is refused with InvalidAction (query) or UnknownOperationException (JSON), never
with a 5xx, which clients would retry.
`

func coveragePage(services []awsapi.Service, called map[string][]string) string {
	var b strings.Builder
	b.WriteString(coverageHead)
	for _, s := range services {
		m := s.Model
		var protocols []string
		for _, p := range m.Protocols {
			protocols = append(protocols, p.String())
		}
		ops := slices.SortedFunc(slices.Values(s.Ops), func(a, b wire.Operation) int { return cmp.Compare(a.Name, b.Name) })
		fmt.Fprintf(&b, "\n## %s\n\nProtocols: %s. Operations: %d of AWS's %d.\n\n", m.Service, strings.Join(protocols, ", "), len(ops), len(m.Operations)+len(m.Others))
		b.WriteString("| operation | smoke test |\n|---|---|\n")
		for _, op := range ops {
			fmt.Fprintf(&b, "| %s%s | %s |\n", op.Name, note(op), strings.Join(called[m.Service+" "+op.Name], ", "))
		}
	}
	return b.String()
}

func note(op wire.Operation) string {
	if op.Public {
		return " (also unsigned: links in mails)"
	}
	return ""
}
