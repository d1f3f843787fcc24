package config_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"github.com/tocsin-dev/tocsin/internal/config"
)

func write(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tocsin.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

// parseFlags reads a command line as a command that embeds Config does.
func parseFlags(t *testing.T, args ...string) (config.Config, func(string) bool) {
	t.Helper()
	var command struct {
		Config config.Config `embed:""`
	}
	parser, err := kong.New(&command, kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := parser.Parse(args)
	if err != nil {
		t.Fatal(err)
	}
	given := map[string]bool{}
	for _, element := range ctx.Path {
		if element.Flag != nil {
			given[element.Flag.Name] = true
		}
	}
	return command.Config, func(name string) bool { return given[name] }
}

func TestDefaults(t *testing.T) {
	got, err := config.Load(config.Sources{})
	if err != nil {
		t.Fatalf("Load() = %v", err)
	}
	want := config.Config{Data: "./tocsin-data", API: "127.0.0.1:4566", Console: "127.0.0.1:4567", Account: "000000000000", Region: "us-east-1",
		TrailGroup: "CloudTrail/DefaultLogGroup", MailFrom: "tocsin@localhost", MatchRetention: config.Duration(90 * 24 * time.Hour), MaxBody: 8 << 20, LogFormat: "text", LogLevel: "info"}
	if !reflect.DeepEqual(config.Default(), want) {
		t.Errorf("Default() = %+v, want %+v", config.Default(), want)
	}
	for _, s := range got.Settings() {
		if s.Source != "default" {
			t.Errorf("%s comes from %s, want default", s.Key, s.Source)
		}
	}
}

func TestLoadPrecedence(t *testing.T) {
	flags, given := parseFlags(t, "--region", "eu-west-1", "--trail", "a,b", "--trail", "c", "--smtp", "", "--match-retention", "2d", "--confirm-on-get")
	got, err := config.Load(config.Sources{
		Flags: flags, Given: given,
		Getenv: environment(map[string]string{
			"TOCSIN_REGION": "ap-northeast-1", "TOCSIN_ACCOUNT": "111122223333", "TOCSIN_TRAIL": "x,y", "TOCSIN_API": "",
			"TOCSIN_ROOT_ACCESS_KEY_ID": "test", "TOCSIN_ROOT_SECRET_ACCESS_KEY": "hush",
		}),
		File: write(t, `
region: us-west-2
account: 000000000001
api: localhost:0
console: localhost:0
smtp: smtp://u:p@mail
max-body: 1048576
trail-log-group: my/trail
trail: [p, q]
`),
	})
	if err != nil {
		t.Fatalf("Load() = %v", err)
	}
	sources := map[string]string{}
	for _, s := range got.Settings() {
		sources[s.Key] = s.Source
	}
	for _, tt := range []struct {
		key       string
		got, want any
		source    string
	}{
		{"region", got.Region, "eu-west-1", "--region"},
		{"trail", strings.Join(got.Trail, " "), "a,b c", "--trail"},
		{"smtp", got.SMTP, "", "--smtp"},
		{"match-retention", got.MatchRetention, config.Duration(48 * time.Hour), "--match-retention"},
		{"confirm-on-get", got.ConfirmGet, true, "--confirm-on-get"},
		{"account", got.Account, "111122223333", "TOCSIN_ACCOUNT"},
		{"root-secret-access-key", got.RootSecretAccessKey, "hush", "TOCSIN_ROOT_SECRET_ACCESS_KEY"},
		{"api", got.API, "localhost:0", "tocsin.yaml:4"},
		{"max-body", got.MaxBody, config.Size(1 << 20), "tocsin.yaml:7"},
		{"trail-log-group", got.TrailGroup, "my/trail", "tocsin.yaml:8"},
		{"log-level", got.LogLevel, "info", "default"},
	} {
		if tt.got != tt.want || sources[tt.key] != tt.source {
			t.Errorf("%s = %v from %s, want %v from %s", tt.key, tt.got, sources[tt.key], tt.want, tt.source)
		}
	}
}

func TestLoadErrors(t *testing.T) {
	tests := []struct{ name, file, env, want string }{
		{"unknown key", "acount: 1", "", `acount (tocsin.yaml:1): is not a setting`},
		{"misspelt key", "\ntrails: [a]", "", `trails (tocsin.yaml:2): is not a setting: did you mean trail?`},
		{"key in another form", "max_body: 8MiB", "", `max_body (tocsin.yaml:1): is not a setting: did you mean max-body?`},
		{"key twice", "region: us-east-1\nregion: us-east-1", "", `region (tocsin.yaml:2): is set twice`},
		{"no value", "region:", "", `region (tocsin.yaml:1): has no value`},
		{"list for text", "region: [a]", "", `region (tocsin.yaml:1): does not take a list or a mapping`},
		{"not a mapping", "- a", "", `is not a list of settings`},
		{"not YAML", "a: [", "", `tocsin.yaml: yaml:`},
		{"two documents", "region: us-east-1\n---\nregion: us-east-1", "", `more than one document`},
		{"bool", "confirm-on-get: maybe", "", `confirm-on-get "maybe" (tocsin.yaml:1): is neither true nor false`},
		{"queues", "sqs-endpoint: sqs.example.com", "", `sqs-endpoint "xxxxx" (tocsin.yaml:1): is not http[s]://[accessKeyID:secret@]host[:port]`},
		{"network", "allow-delivery-to: 10.0.0.0/8x", "", `allow-delivery-to "[10.0.0.0/8x]" (tocsin.yaml:1): has "10.0.0.0/8x" in it, which is not a network such as 10.0.0.0/8`},
		{"host bits", "allow-delivery-to: [10.0.0.0/8, 192.168.1.1/16]", "", `allow-delivery-to "[10.0.0.0/8 192.168.1.1/16]" (tocsin.yaml:1): has "192.168.1.1/16" in it, which is not a network such as 10.0.0.0/8`},
		{"duration", "match-retention: soon", "", `match-retention "soon" (tocsin.yaml:1): is not a time such as 90d or 36h`},
		{"duration short", "match-retention: 59m", "", `match-retention "59m0s" (tocsin.yaml:1): is less than an hour`},
		{"size", "max-body: 8MB", "", `max-body "8MB" (tocsin.yaml:1): is not a size such as 8MiB`},
		{"size small", "max-body: 1", "", `max-body "1" (tocsin.yaml:1): is not between 1MiB and 1GiB`},
		{"account", "", "TOCSIN_ACCOUNT=123", `account "123" (TOCSIN_ACCOUNT): is not twelve digits`},
		{"region", "", "TOCSIN_REGION=virginia", `region "virginia" (TOCSIN_REGION): is not a region such as us-east-1`},
		{"address", "", "TOCSIN_API=4566", `api "4566" (TOCSIN_API): is not an address such as 127.0.0.1:4566`},
		{"port", "", "TOCSIN_API=:65536", `api ":65536" (TOCSIN_API): has a port that is not between 0 and 65535`},
		{"same address", "", "TOCSIN_CONSOLE=127.0.0.1:4566", `console "127.0.0.1:4566" (TOCSIN_CONSOLE): is the address of the API too`},
		{"mail", "", "TOCSIN_NOTIFY=nobody", `notify "nobody" (TOCSIN_NOTIFY): is not a mail address`},
		{"smtp scheme", "", "TOCSIN_SMTP=http://u:hush@mail", `smtp "http://u:xxxxx@mail" (TOCSIN_SMTP): has the scheme "http", not smtp or smtps`},
		{"smtp without host", "", "TOCSIN_SMTP=hush", `smtp "xxxxx" (TOCSIN_SMTP): is not a URL such as smtp://user:password@mail.example.com:587`},
		{"smtp password with a slash", "", "TOCSIN_SMTP=smtp://u:1/hush@mail", `smtp "xxxxx" (TOCSIN_SMTP): has a path behind the host`},
		{"public URL", "", "TOCSIN_PUBLIC_URL=tocsin.example.com", `public-url "tocsin.example.com" (TOCSIN_PUBLIC_URL): is not a URL such as https://tocsin.example.com`},
		{"public URL with a path", "", "TOCSIN_PUBLIC_URL=https://x/y", `public-url "https://x/y" (TOCSIN_PUBLIC_URL): has more than a scheme, a host and a port`},
		{"empty trail", "", "TOCSIN_TRAIL=a,,b", `trail "[a  b]" (TOCSIN_TRAIL): has an empty path in it`},
		{"log format", "", "TOCSIN_LOG_FORMAT=xml", `log-format "xml" (TOCSIN_LOG_FORMAT): is none of ["text" "json"]`},
		{"log level", "", "TOCSIN_LOG_LEVEL=loud", `log-level "loud" (TOCSIN_LOG_LEVEL): is none of ["debug" "info" "warn" "error"]`},
		{"half a root key", "", "TOCSIN_ROOT_SECRET_ACCESS_KEY=hush", `root-access-key-id: is missing beside root-secret-access-key`},
		{"other half", "", "TOCSIN_ROOT_ACCESS_KEY_ID=test", `root-secret-access-key: is missing beside root-access-key-id`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			name, value, _ := strings.Cut(tt.env, "=")
			_, err := config.Load(config.Sources{File: write(t, tt.file), Getenv: environment(map[string]string{name: value})})
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hush") {
				t.Errorf("Load() = %v, want %s", err, tt.want)
			}
		})
	}
	t.Run("all of them", func(t *testing.T) {
		_, err := config.Load(config.Sources{File: write(t, "region: x\naccount: y")})
		if err == nil || !strings.Contains(err.Error(), "account") || !strings.Contains(err.Error(), "region") {
			t.Errorf("Load() = %v, want both errors", err)
		}
	})
	t.Run("no file", func(t *testing.T) {
		if _, err := config.Load(config.Sources{File: filepath.Join(t.TempDir(), "none.yaml")}); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("Load() = %v, want no such file", err)
		}
	})
	t.Run("empty file", func(t *testing.T) {
		for _, text := range []string{"", "# nothing\n", "---\n"} {
			if _, err := config.Load(config.Sources{File: write(t, text)}); err != nil {
				t.Errorf("Load(%q) = %v, want none", text, err)
			}
		}
	})
}

func TestRedacted(t *testing.T) {
	c := config.Default()
	c.SMTP = "smtps://ops:hush@mail.example.com:465"
	c.RootAccessKeyID, c.RootSecretAccessKey = "AKIAEXAMPLE", "hush"
	got := c.Redacted()
	if got.SMTP != "smtps://ops:xxxxx@mail.example.com:465" || got.RootSecretAccessKey != "xxxxx" || got.RootAccessKeyID != "AKIAEXAMPLE" {
		t.Errorf("Redacted() = %+v", got)
	}
	if c.RootSecretAccessKey != "hush" {
		t.Errorf("Redacted() changed its receiver")
	}
	for _, s := range c.Settings() {
		if text, ok := s.Value.(string); ok && strings.Contains(text, "hush") {
			t.Errorf("Settings() shows %s = %s", s.Key, text)
		}
	}
}

// Every setting can be set in the environment and, unless it is a secret of its
// own, by a flag of the same name.
func TestNamesAgree(t *testing.T) {
	flags := map[string]bool{}
	for field := range fields() {
		flags[field.Tag.Get("key")] = field.Tag.Get("name") != ""
		if name := field.Tag.Get("name"); name != "" && name != field.Tag.Get("key") {
			t.Errorf("%s has the flag --%s, want the name of its key", field.Tag.Get("key"), name)
		}
		if field.Tag.Get("kong") != "-" && field.Tag.Get("help") == "" {
			t.Errorf("%s has no help", field.Name)
		}
	}
	for _, s := range config.Default().Settings() {
		secret := strings.HasPrefix(s.Key, "root-")
		if flags[s.Key] == secret {
			t.Errorf("%s has a flag: %t, want %t", s.Key, flags[s.Key], !secret)
		}
	}
	if got := slices.Sorted(maps.Keys(flags)); len(got) != len(config.Default().Settings()) {
		t.Errorf("%d keys, want one for each of %d settings", len(got), len(config.Default().Settings()))
	}
}

func fields() func(func(reflect.StructField) bool) {
	t := reflect.TypeFor[config.Config]()
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if t.Field(i).IsExported() && !yield(t.Field(i)) {
				return
			}
		}
	}
}

func TestUnits(t *testing.T) {
	for text, want := range map[string]string{"90d": "90d", "36h": "36h0m0s", "1d12h": "36h0m0s", "24h": "1d", "0d": "0s"} {
		var d config.Duration
		if err := d.UnmarshalText([]byte(text)); err != nil || d.String() != want {
			t.Errorf("Duration(%s) = %s, %v, want %s", text, d, err, want)
		}
	}
	for text, want := range map[string]string{"8MiB": "8MiB", "1024": "1KiB", "1 GiB": "1GiB", "1000": "1000", "0": "0"} {
		var s config.Size
		if err := s.UnmarshalText([]byte(text)); err != nil || s.String() != want {
			t.Errorf("Size(%s) = %s, %v, want %s", text, s, err, want)
		}
	}
	for _, text := range []string{"", "d", "1.5d", "-1d", "1d-", "99999d", "5"} {
		if err := new(config.Duration).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("Duration(%q) = nil error", text)
		}
	}
	for _, text := range []string{"", "MiB", "-1", "1.5MiB", "4294967296"} {
		if err := new(config.Size).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("Size(%q) = nil error", text)
		}
	}
}

// FuzzLoad reads any text as a configuration file.
func FuzzLoad(f *testing.F) {
	f.Add("region: us-east-1\ntrail:\n- a\n- b\n")
	f.Add("a: &a [x]\ntrail: *a\n---\n")
	f.Add("{smtp: 'smtp://u:p@h', max-body: 1GiB, match-retention: 1d2h}")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(dir, "tocsin.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := config.Load(config.Sources{File: path})
		if err == nil && (c.Region == "" || c.API == "") {
			t.Errorf("Load(%q) = %+v, want every setting checked", text, c)
		}
	})
}
