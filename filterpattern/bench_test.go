package filterpattern_test

import (
	"testing"

	"github.com/tocsin-dev/tocsin/filterpattern"
)

const unauthorized = `{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*") && ($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket")}`

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		filterpattern.MustParse(unauthorized)
	}
}

// BenchmarkMatch judges one message by one pattern of each kind, decoding and
// splitting included.
func BenchmarkMatch(b *testing.B) {
	record := readRecords(b, "invictus")[0]
	line := []byte(`127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534`)
	for _, bench := range []struct {
		name, pattern string
		message       []byte
	}{
		{"terms", `AccessDenied -"HeadBucket"`, record},
		{"regex", `%[A-Z][a-z]+Denied%`, record},
		{"json", unauthorized, record},
		{"space", "[ip, ..., status = 4*, size > 1000]", line},
	} {
		b.Run(bench.name, func(b *testing.B) {
			p := filterpattern.MustParse(bench.pattern)
			b.SetBytes(int64(len(bench.message)))
			b.ReportAllocs()
			for b.Loop() {
				p.Match(bench.message)
			}
		})
	}
}
