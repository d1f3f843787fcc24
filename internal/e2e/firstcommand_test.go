package e2e

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// README's first command: the sample trail ends with an alarm mail on the screen.
func TestFirstCommand(t *testing.T) {
	trail, err := filepath.Abs(filepath.Join(root, "examples", "trail"))
	if err != nil {
		t.Fatal(err)
	}
	in := serve(t, "--trail", trail, "--notify", "you@example.com")
	took := eventually(t, 10*time.Second, "the mail is on the screen", func() bool {
		return strings.Contains(in.Output(), "support.html")
	})
	t.Logf("from ready to the mail on the screen: %v", took)
	for _, want := range []string{
		"Mail to you@example.com: " + filepath.Join(in.Data, "mail"),
		`Subject: ALARM: "UnauthorizedAPICalls" in US East (N. Virginia)`,
		"Which call rang: 10 calls by 5 principals",
		"s3:ListBuckets (IAM action s3:ListAllMyBuckets)",
	} {
		if !strings.Contains(in.Output(), want) {
			t.Errorf("the screen does not show %q:\n%s", want, in.Output())
		}
	}
}
