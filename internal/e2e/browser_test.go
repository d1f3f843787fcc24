package e2e

import (
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browser is a headless Chromium. The pages' Content-Security-Policy keeps every
// script from running, so what works here works without. A missing Chromium
// fails the test and says how to get it.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Fatal("no Chromium: apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, closeTab := chromedp.NewContext(allocator)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(func() { cancel(); closeTab(); stop() })
	return ctx
}

// A person follows the links of the mails: confirms with the button, and
// unsubscribes with the other.
func TestPagesInABrowser(t *testing.T) {
	in := serve(t)
	topic := aws(t, in, "sns", "create-topic", "--name", "pages", "--query", "TopicArn", "--output", "text")
	aws(t, in, "sns", "subscribe", "--topic-arn", topic, "--protocol", "email", "--notification-endpoint", "o'reader+a@example.com")
	mail(t, in, 5*time.Second, "Subscription Confirmation", "pages")
	ctx := browser(t)

	do(t, ctx, chromedp.Navigate(confirmationLink(t, in, "pages")))
	asked := do(t, ctx, chromedp.Text(chromedp.CSS("main")))
	if !strings.Contains(asked, topic) || !strings.Contains(asked, "o'reader+a@example.com") {
		t.Errorf("the page asks %q, want it to name topic and address as they are", asked)
	}
	do(t, ctx, chromedp.Click(chromedp.CSS("button")))
	do(t, ctx, chromedp.WaitVisible(`//h1[text()="Subscription confirmed"]`))
	if confirmed := do(t, ctx, chromedp.Text(chromedp.CSS("main"))); !strings.Contains(confirmed, topic) {
		t.Errorf("the page says %q, want it to name the topic", confirmed)
	}
	do(t, ctx, chromedp.Click(chromedp.CSS("a")))
	do(t, ctx, chromedp.WaitVisible(`//h1[text()="Unsubscribe from this topic?"]`))
	do(t, ctx, chromedp.Click(chromedp.CSS("button")))
	do(t, ctx, chromedp.WaitVisible(`//h1[text()="Unsubscribed"]`))
	if left := aws(t, in, "sns", "list-subscriptions-by-topic", "--topic-arn", topic, "--query", "length(Subscriptions)"); left != "0" {
		t.Errorf("%s subscriptions are left after unsubscribing, want 0", left)
	}
}

// do has the browser do one thing and returns what came of it.
func do[T any](t *testing.T, ctx context.Context, action chromedp.Action[T]) T {
	t.Helper()
	result, err := chromedp.Run(ctx, action)
	if err != nil {
		t.Fatal(err)
	}
	return result
}
