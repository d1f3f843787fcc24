package snsapi_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/tocsin-dev/tocsin/internal/access"
	"github.com/tocsin-dev/tocsin/internal/awsapi"
	"github.com/tocsin-dev/tocsin/internal/awsapi/snsapi"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
	"github.com/tocsin-dev/tocsin/internal/topic"
)

// rig is the API over the real station and store, behind real signatures.
type rig struct {
	t     *testing.T
	url   string
	store topic.Store
	*sns.Client
}

// keys are the root keys of two accounts.
type keys struct{}

var accounts = map[string]string{"AKIAROOT": "111122223333", "AKIAOTHER": "444455556666"}

func (keys) Lookup(_ context.Context, id string) (access.Key, bool, error) {
	account, known := accounts[id]
	return access.Key{Secret: "secret", Caller: access.Caller{Account: account, ARN: "arn:aws:iam::" + account + ":root", UserID: account,
		AccessKeyID: id, Root: true}}, known, nil
}

func newRig(t *testing.T) *rig {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), filepath.Join(t.TempDir(), "tocsin.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	handler, err := awsapi.New(awsapi.Options{Services: []awsapi.Service{snsapi.New(topic.New(db.Topics(), topic.Options{}))}, Authenticator: awsapi.Signatures(keys{})})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	r := &rig{t: t, url: server.URL, store: db.Topics()}
	r.Client = r.client("AKIAROOT", "us-east-1")
	return r
}

func (r *rig) client(keyID, region string) *sns.Client {
	return sns.New(sns.Options{Region: region, BaseEndpoint: &r.url, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(keyID, "secret", "")})
}

func (r *rig) topic(name string) *string {
	r.t.Helper()
	out, err := r.CreateTopic(r.t.Context(), &sns.CreateTopicInput{Name: &name})
	if err != nil {
		r.t.Fatalf("CreateTopic(%s): %v", name, err)
	}
	return out.TopicArn
}

// pending subscribes an address that does not confirm, and returns its token.
func (r *rig) pending(topicARN *string, endpoint string) (subscriptionARN *string, token string) {
	r.t.Helper()
	out, err := r.Subscribe(r.t.Context(), &sns.SubscribeInput{TopicArn: topicARN, Protocol: aws.String("email"), Endpoint: &endpoint, ReturnSubscriptionArn: true})
	if err != nil {
		r.t.Fatalf("Subscribe(%s): %v", endpoint, err)
	}
	now := time.Now().Add(time.Minute)
	leased, err := r.store.LeaseDeliveries(r.t.Context(), "email", now, now, 100)
	if err != nil || len(leased) == 0 {
		r.t.Fatalf("LeaseDeliveries = %v, %v, want the request to confirm", leased, err)
	}
	return out.SubscriptionArn, leased[len(leased)-1].Message.Token
}

// get follows a link.
func (r *rig) get(query string) (status int, body string) {
	r.t.Helper()
	answer, err := http.Get(r.url + "/?" + query)
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close()
	content := make([]byte, 1<<16)
	n, _ := answer.Body.Read(content)
	return answer.StatusCode, string(content[:n])
}

type refusal struct {
	code, message string
	status        int
}

// refused is the error of a call as a client sees it, zero for none.
func refused(err error) refusal {
	var r refusal
	var api smithy.APIError
	var response *smithyhttp.ResponseError
	if errors.As(err, &api) {
		r.code, r.message = api.ErrorCode(), api.ErrorMessage()
	}
	if errors.As(err, &response) {
		r.status = response.HTTPStatusCode()
	}
	if err != nil && r.code == "" {
		r.message = err.Error()
	}
	return r
}
