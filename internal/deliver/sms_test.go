package deliver_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tocsin-dev/tocsin/internal/deliver"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

func bySMS(text string) topic.Delivery {
	d := delivery()
	d.Subscription.Protocol, d.Subscription.Endpoint = "sms", "+15551234567"
	d.Message.ByProtocol = map[string]string{"sms": text}
	return d
}

func TestSMSIsHandedOver(t *testing.T) {
	var got deliver.Text
	var answer error
	sender := deliver.NewSMS(func(_ context.Context, text deliver.Text) error {
		got = text
		return answer
	}, slog.New(slog.DiscardHandler))
	if err := sender.Send(t.Context(), bySMS("ALARM\x1b[2J")); err != nil || got != (deliver.Text{To: "+15551234567", Body: "ALARM\uFFFD[2J"}) {
		t.Errorf("Send hands over %+v, %v, want the text for phones, fit to be read", got, err)
	}
	if err := sender.Send(t.Context(), bySMS(strings.Repeat("ä", 2000))); err != nil || utf8.RuneCountInString(got.Body) != 1600 {
		t.Errorf("Send(2000 characters) hands over %d, %v, want 1600", utf8.RuneCountInString(got.Body), err)
	}
	answer = errors.New("no credit")
	if got := outcome(sender.Send(t.Context(), bySMS("x"))); got != "again" {
		t.Errorf("Send with a gateway that fails: %s, want again", got)
	}
}

func TestSMSWithoutGatewaySaysSo(t *testing.T) {
	var log strings.Builder
	if err := deliver.NewSMS(nil, slog.New(slog.NewTextHandler(&log, nil))).Send(t.Context(), bySMS("ALARM")); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"level=WARN", "not sent", "to=+15551234567", "text=ALARM"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("log = %s, want %s in it", log.String(), want)
		}
	}
}
