package stsapi_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/tocsin-dev/tocsin/internal/access"
	"github.com/tocsin-dev/tocsin/internal/awsapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/stsapi"
)

// keys has one root key.
type keys struct{}

func (keys) Lookup(_ context.Context, id string) (access.Key, bool, error) {
	switch id {
	case "AKIAROOT":
		return access.Key{Secret: "secret", Caller: access.Caller{
			Account: "111122223333", ARN: "arn:aws:iam::111122223333:root", UserID: "111122223333", AccessKeyID: id, Root: true}}, true, nil
	case "AKIABROKEN":
		return access.Key{}, false, errors.New("disk on fire")
	}
	return access.Key{}, false, nil
}

func serve(t *testing.T) string {
	t.Helper()
	handler, err := awsapi.New(awsapi.Options{Services: []awsapi.Service{stsapi.Service()}, Authenticator: awsapi.Signatures(keys{})})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func client(url, id, secret string) *sts.Client {
	return sts.New(sts.Options{Region: "eu-west-1", BaseEndpoint: &url, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(id, secret, "")})
}

func TestGetCallerIdentity(t *testing.T) {
	got, err := client(serve(t), "AKIAROOT", "secret").GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatalf("GetCallerIdentity() = %v", err)
	}
	if aws.ToString(got.Account) != "111122223333" || aws.ToString(got.Arn) != "arn:aws:iam::111122223333:root" || aws.ToString(got.UserId) != "111122223333" {
		t.Errorf("GetCallerIdentity() = %s %s %s, want the root user", aws.ToString(got.Account), aws.ToString(got.Arn), aws.ToString(got.UserId))
	}
}

func TestGetCallerIdentityPresigned(t *testing.T) {
	signed, err := sts.NewPresignClient(client(serve(t), "AKIAROOT", "secret")).PresignGetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), signed.Method, signed.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(string(body), "<Arn>arn:aws:iam::111122223333:root</Arn>") {
		t.Errorf("presigned GetCallerIdentity = %s %s, %v", answer.Status, body, err)
	}
}

func TestGetCallerIdentityRefusals(t *testing.T) {
	url := serve(t)
	tests := []struct{ name, id, secret, code, message string }{
		{"unknown key", "AKIANOBODY", "secret", "InvalidClientTokenId", "The security token included in the request is invalid."},
		{"wrong secret", "AKIAROOT", "guess", "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided."},
		{"keys out of reach", "AKIABROKEN", "secret", "InternalFailure", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := client(url, tt.id, tt.secret).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
			api, ok := errors.AsType[interface {
				error
				ErrorCode() string
				ErrorMessage() string
			}](err)
			if !ok || api.ErrorCode() != tt.code || !strings.HasPrefix(api.ErrorMessage(), tt.message) || strings.Contains(err.Error(), "fire") {
				t.Errorf("GetCallerIdentity() = %v, want %s %s", err, tt.code, tt.message)
			}
		})
	}
}
