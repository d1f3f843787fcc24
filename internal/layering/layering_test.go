// Package layering holds the picture of docs/design.md true: which package of
// the module may import which.
package layering

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/tocsin-dev/tocsin/"

// stations are the packages of the chain, upstream first.
var stations = []string{"internal/trail", "internal/logs", "internal/metricfilter", "internal/metric", "internal/alarm", "internal/topic"}

// mayImport is the import table: inside the module, from → to. A package that
// is missing here fails the test, so that nobody adds one without a place.
var mayImport = map[string][]string{
	"filterpattern":               {},
	"alarmeval":                   {},
	"internal/arn":                {},
	"internal/trailevent":         {},
	"internal/iampolicy":          {},
	"internal/chunk":              {},
	"internal/config":             {},
	"internal/vectors":            {},
	"internal/telemetry":          {},
	"internal/blob":               {},
	"internal/metric":             {"internal/arn"},
	"internal/metric/math":        {},
	"internal/logs":               {"internal/arn", "internal/chunk"},
	"internal/trail":              {"internal/trailevent", "internal/arn"},
	"internal/metricfilter":       {"filterpattern", "internal/logs", "internal/metric", "internal/arn"},
	"internal/rehearse":           {"alarmeval"},
	"internal/alarm":              {"alarmeval", "internal/metric", "internal/arn"},
	"internal/topic":              {"internal/arn", "internal/iampolicy", "internal/topic/filterpolicy"},
	"internal/topic/filterpolicy": {},
	"internal/access":             {"internal/arn", "internal/iampolicy"},
	"internal/triage":             {"internal/trailevent"},
	"internal/pipeline":           append([]string{"internal/access", "internal/triage", "internal/telemetry", "internal/arn", "internal/iampolicy", "alarmeval"}, stations...),
	"internal/deliver":            {"internal/topic", "internal/arn"},
	"internal/web":                {"internal/topic", "internal/telemetry"},
	"internal/sqlstore":           append([]string{"internal/access", "internal/arn"}, stations...),
	"internal/sqlstore/storetest": append([]string{"internal/access", "internal/arn", "internal/sqlstore", "alarmeval"}, stations...),

	"internal/awsapi":                   {"internal/access", "internal/arn", "internal/awsapi/wire", "internal/awsapi/sigv4"},
	"internal/awsapi/wire":              {},
	"internal/awsapi/sigv4":             {},
	"internal/awsapi/shapes/gen":        {},
	"internal/awsapi/shapes/logs":       {"internal/awsapi/wire"},
	"internal/awsapi/shapes/cloudwatch": {"internal/awsapi/wire"},
	"internal/awsapi/shapes/sns":        {"internal/awsapi/wire"},
	"internal/awsapi/shapes/sts":        {"internal/awsapi/wire"},
	"internal/awsapi/logsapi":           edge("logs", "internal/logs", "internal/metricfilter", "internal/metric", "filterpattern"),
	"internal/awsapi/cloudwatchapi":     edge("cloudwatch", "internal/metric", "internal/metric/math", "internal/alarm", "alarmeval"),
	"internal/awsapi/snsapi":            edge("sns", "internal/topic", "internal/iampolicy"),
	"internal/awsapi/stsapi":            edge("sts", "internal/access"),

	"internal/app":            {"*"},
	"internal/cli":            {"internal/app", "internal/access", "internal/config", "internal/deliver", "internal/telemetry", "internal/trail", "internal/trailevent", "internal/rehearse", "filterpattern", "alarmeval"},
	"cmd/tocsin":              {"internal/cli"},
	"examples/trail/generate": {},
	"internal/e2e/instance":   {},
}

// standardLibraryOnly are the public libraries.
var standardLibraryOnly = []string{"filterpattern", "alarmeval", "internal/trailevent", "internal/iampolicy", "internal/topic/filterpolicy"}

func edge(service string, more ...string) []string {
	return append([]string{"internal/arn", "internal/access", "internal/awsapi", "internal/awsapi/wire", "internal/awsapi/shapes/" + service}, more...)
}

func TestImports(t *testing.T) {
	for pkg, imports := range packages(t) {
		allowed, known := mayImport[pkg]
		if !known {
			t.Errorf("package %s has no line in the import table", pkg)
			continue
		}
		for _, path := range imports {
			inside, ok := strings.CutPrefix(path, module)
			if ok && !slices.Contains(allowed, inside) && !slices.Contains(allowed, "*") {
				t.Errorf("%s imports %s, which the import table does not allow", pkg, inside)
			}
		}
	}
}

func TestLibrariesImportOnlyTheStandardLibrary(t *testing.T) {
	all := packages(t)
	for _, pkg := range standardLibraryOnly {
		for _, path := range all[pkg] {
			if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") {
				t.Errorf("%s imports %s: public libraries and pure leaves import only the standard library", pkg, path)
			}
		}
	}
}

// mayImportSDK are the files that may, and why.
var mayImportSDK = map[string]string{
	"internal/deliver/sqs.go": "queues are reached as AWS's clients reach them: signed, on AWS and elsewhere",
}

// The AWS SDK is a test oracle: the product's server is not made of it.
func TestOnlyTheseFilesImportTheSDK(t *testing.T) {
	for file, imports := range files(t) {
		for _, path := range imports {
			if strings.HasPrefix(path, "github.com/aws/") && mayImportSDK[file] == "" {
				t.Errorf("%s imports %s", file, path)
			}
		}
	}
}

// packages maps every package of the module to what its non-test files import.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for file, imports := range files(t) {
		pkg := path.Dir(file)
		found[pkg] = append(found[pkg], imports...)
	}
	if len(found) < 5 {
		t.Fatalf("found %d packages, want the whole module", len(found))
	}
	return found
}

// files maps every non-test file of the module to what it imports.
func files(t *testing.T) map[string][]string {
	t.Helper()
	root := filepath.Join("..", "..")
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(location string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == "tools" || entry.Name() == ".git") {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(location, ".go") || strings.HasSuffix(location, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), location, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, location)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[filepath.ToSlash(name)] = append(found[filepath.ToSlash(name)], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
