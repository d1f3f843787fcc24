package main

import (
	"fmt"
	"regexp"
)

// rewritten are patterns that Go's regexp cannot read even after \uXXXX became \x{XXXX}.
var rewritten = map[string]string{
	// sts arnType: a range over the surrogates and five-digit code points.
	`[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+`: `[\x{9}\x{A}\x{D}\x{20}-\x{7E}\x{85}\x{A0}-\x{D7FF}\x{E000}-\x{FFFD}\x{10000}-\x{10FFFF}]+`,
}

var unicodeEscape = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

// goPattern is a model's pattern in Go's syntax.
func goPattern(pattern string) (string, error) {
	written, ok := rewritten[pattern]
	if !ok {
		written = unicodeEscape.ReplaceAllString(pattern, `\x{$1}`)
	}
	if _, err := regexp.Compile(written); err != nil {
		return "", fmt.Errorf("pattern needs rewriting by hand: %w", err)
	}
	return written, nil
}
