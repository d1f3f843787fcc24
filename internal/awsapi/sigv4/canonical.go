package sigv4

import (
	"cmp"
	"net/http"
	"path"
	"sort"
	"strconv"
	"strings"
)

// canonicalRequest is the form of a request that both sides hash.
func canonicalRequest(r *http.Request, c *claim, payloadHash string) string {
	rawPath, rawQuery := target(r)
	return strings.Join([]string{
		r.Method,
		canonicalPath(rawPath, c.forS3()),
		canonicalQuery(rawQuery, c.unsignedParameter()),
		canonicalHeaders(r, c.signedHeaders),
		strings.Join(c.signedHeaders, ";"),
		payloadHash,
	}, "\n")
}

func stringToSign(c *claim, canonical string) string {
	return algorithm + "\n" + c.time.Format(stampLayout) + "\n" + c.Scope() + "\n" + hexHash([]byte(canonical))
}

// target is the path and the query as they came over the wire. A request that
// did not (it is a client's, handed over in process) has them in its URL.
func target(r *http.Request) (rawPath, rawQuery string) {
	uri := r.RequestURI
	if uri == "" {
		return r.URL.EscapedPath(), r.URL.RawQuery
	}
	if _, rest, absolute := strings.Cut(uri, "://"); absolute && uri[0] != '/' {
		uri = rest[strings.IndexAny(rest+"/", "/?"):] // a proxy's request line
	}
	rawPath, rawQuery, _ = strings.Cut(uri, "?")
	return rawPath, rawQuery
}

// canonicalPath escapes the path as received once more, after taking out
// "." and ".." and repeated slashes. S3 does neither: its keys may contain
// anything, and each byte is escaped exactly once.
func canonicalPath(raw string, s3 bool) string {
	if s3 {
		return slashed(escape(unescape(raw, false), '/'))
	}
	clean := path.Clean(slashed(raw))
	if strings.HasSuffix(raw, "/") && clean != "/" {
		clean += "/"
	}
	return escape(clean, '/')
}

func slashed(p string) string {
	if strings.HasPrefix(p, "/") {
		return p
	}
	return "/" + p
}

// canonicalQuery escapes names and values one by one and sorts them in their
// escaped form, leaving out the parameter named unsigned.
func canonicalQuery(raw, unsigned string) string {
	var pairs []parameter
	for _, p := range splitQuery(raw) {
		if unsigned == "" || p.name != unsigned {
			pairs = append(pairs, parameter{escape(p.name, 0), escape(p.value, 0)})
		}
	}
	sort.SliceStable(pairs, func(i, j int) bool {
		a, b := pairs[i], pairs[j]
		return a.name < b.name || a.name == b.name && a.value < b.value
	})
	joined := make([]string, len(pairs))
	for i, p := range pairs {
		joined[i] = p.name + "=" + p.value
	}
	return strings.Join(joined, "&")
}

type parameter struct{ name, value string }

// splitQuery reads a query string without ever refusing one: what is not an
// escape stands for itself, and the signature decides.
func splitQuery(raw string) []parameter {
	var pairs []parameter
	for piece := range strings.SplitSeq(raw, "&") {
		if piece == "" {
			continue
		}
		name, value, _ := strings.Cut(piece, "=")
		pairs = append(pairs, parameter{unescape(name, true), unescape(value, true)})
	}
	return pairs
}

// canonicalHeaders has a line for each signed header. names are lower case and sorted.
func canonicalHeaders(r *http.Request, names []string) string {
	var b strings.Builder
	for _, name := range names {
		b.WriteString(name)
		b.WriteByte(':')
		for i, value := range headerValues(r, name) {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(squeeze(value))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// headerValues knows the headers that net/http keeps outside the map.
func headerValues(r *http.Request, name string) []string {
	switch {
	case name == "host" || name == ":authority":
		return []string{cmp.Or(r.Host, r.URL.Host)}
	case name == "content-length" && len(r.Header.Values(name)) == 0 && r.ContentLength >= 0:
		return []string{strconv.FormatInt(r.ContentLength, 10)}
	case name == "transfer-encoding" && len(r.Header.Values(name)) == 0:
		return r.TransferEncoding
	}
	return r.Header.Values(name)
}

// squeeze trims a header value and makes runs of spaces one space.
func squeeze(value string) string {
	value = strings.Trim(value, " \t")
	if !strings.Contains(value, "  ") {
		return value
	}
	var b strings.Builder
	for i := range len(value) {
		if value[i] != ' ' || value[i-1] != ' ' {
			b.WriteByte(value[i])
		}
	}
	return b.String()
}
