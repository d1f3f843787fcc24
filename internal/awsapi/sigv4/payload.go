package sigv4

import (
	"net/http"
	"strings"
)

const unsignedPayload = "UNSIGNED-PAYLOAD"

// payloadHash is the last line of the canonical request.
//
// Services other than S3 hash the body, whatever the request says of it, so
// that nobody can change what an operation does. S3 clients declare the hash,
// or that there is none.
func (c *claim) payloadHash(r *http.Request, body []byte) (string, error) {
	if !c.forS3() {
		return hexHash(body), nil
	}
	declared := r.Header.Get("X-Amz-Content-Sha256")
	switch {
	case declared == "" && c.presigned, declared == unsignedPayload:
		return unsignedPayload, nil
	case declared == "":
		return "", refuse(Incomplete, "Missing required header for this request: x-amz-content-sha256")
	case strings.HasPrefix(declared, "STREAMING-"):
		return "", refuse(Streaming, "A header you provided implies functionality that is not implemented")
	case declared != hexHash(body):
		return "", refuse(PayloadMismatch, "The provided 'x-amz-content-sha256' header does not match what was computed.")
	}
	return declared, nil
}
