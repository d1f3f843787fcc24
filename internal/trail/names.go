package trail

import (
	"path"
	"strings"
)

// isLog says whether a file's name is that of a log file. Names of copies under
// way (.tmp, .part, the random suffix of "aws s3 cp") are not.
func isLog(name string) bool {
	if strings.HasPrefix(name, ".") || isOtherKind(name) {
		return false
	}
	switch path.Ext(strings.TrimSuffix(name, ".gz")) {
	case ".json", ".jsonl", ".ndjson":
		return true
	}
	return false
}

// isOtherKind tells CloudTrail's files of other kinds, when they lie outside
// their own folder: 123456789012_CloudTrail-Digest_us-east-1_....json.gz.
func isOtherKind(name string) bool { return strings.Contains(name, "_CloudTrail-") }

// isSkippedDir says whether a folder is left out: hidden ones, and those of
// CloudTrail-Digest, CloudTrail-Insight and kinds that are yet to come.
func isSkippedDir(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "CloudTrail-")
}
