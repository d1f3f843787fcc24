package main

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// day is when the story begins.
var day = time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)

// file is what CloudTrail delivers in one go.
type file struct {
	region    string
	delivered time.Time
	random    string
	records   []record
}

// call is a call that somebody makes; the story is a list of them.
type call struct {
	by         caller
	api        string // "s3:ListBuckets"
	parameters map[string]any
	code       string // empty: it succeeds
	message    string
}

const (
	cli       = "aws-cli/2.22.4 md/awscrt#0.22.0 ua/2.0 os/linux#6.1.0 md/arch#x86_64 lang/python#3.12.6 md/prompt#off md/command#"
	boto      = "Boto3/1.35.80 md/Botocore#1.35.80 ua/2.0 os/linux#6.1.0 md/arch#aarch64 lang/python#3.12.6 cfg/retry-mode#legacy Botocore/1.35.80"
	terraform = "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.80.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.32.5 ua/2.1 os/linux lang/go#1.23.3"
)

var (
	shop     = role("orders-api", "i-0a1b2c3d4e5f60718", "192.0.2.17", boto)
	deploy   = role("deploy", "pipeline-4711", "198.51.100.40", terraform)
	alice    = user("alice", "AKIAIOSFODNN7EXAMPLE", "198.51.100.7", cli+"ec2.describe-instances")
	reports  = user("reports", "AKIAI44QH8DHBEXAMPLE", "203.0.113.66", cli+"s3api.list-buckets")
	config   = service("config.amazonaws.com")
	delivery = service("delivery.logs.amazonaws.com")
)

// routine is what goes on all day.
var routine = []call{
	{by: shop, api: "kms:Decrypt", parameters: map[string]any{"encryptionAlgorithm": "SYMMETRIC_DEFAULT"}},
	{by: shop, api: "ssm:GetParameter", parameters: map[string]any{"name": "/orders/db-host", "withDecryption": true}},
	{by: shop, api: "secretsmanager:GetSecretValue", parameters: map[string]any{"secretId": "orders/db"}},
	{by: shop, api: "sts:GetCallerIdentity"},
	{by: config, api: "s3:GetBucketAcl", parameters: map[string]any{"bucketName": "amzn-s3-demo-bucket", "acl": ""}},
	{by: config, api: "sts:AssumeRole", parameters: map[string]any{"roleArn": "arn:aws:iam::" + account + ":role/config-recorder", "roleSessionName": "AWSConfig-Describe"}},
	{by: deploy, api: "ec2:DescribeVpcs", parameters: map[string]any{"vpcSet": map[string]any{}}},
	{by: deploy, api: "iam:GetRole", parameters: map[string]any{"roleName": "orders-api"}},
	{by: deploy, api: "lambda:GetFunction20150331v2", parameters: map[string]any{"functionName": "resize"}},
	{by: alice, api: "ec2:DescribeInstances", parameters: map[string]any{"instancesSet": map[string]any{}}},
	{by: alice, api: "monitoring:DescribeAlarms", parameters: map[string]any{"maxRecords": 50}},
	{by: alice, api: "logs:DescribeLogGroups"},
	{by: shop, api: "ssm:GetParameter", parameters: map[string]any{"name": "/orders/feature"}, code: "ParameterNotFound"},
	{by: deploy, api: "s3:GetBucketCors", parameters: map[string]any{"bucketName": "amzn-s3-demo-bucket"}, code: "NoSuchCORSConfiguration", message: "The CORS configuration does not exist"},
	{by: shop, api: "kms:Decrypt", code: "ThrottlingException", message: "Rate exceeded"},
}

// refused is what an alarm on unauthorized calls should ring for.
var refused = map[int][]call{
	// The key of a user without any permission has leaked, and is tried out.
	3: {
		{by: reports, api: "sts:GetCallerIdentity"},
		{by: reports, api: "s3:ListBuckets", code: "AccessDenied", message: implicit(reports, "s3:ListAllMyBuckets", "")},
		{by: reports, api: "iam:ListUsers", code: "AccessDenied", message: implicit(reports, "iam:ListUsers", "arn:aws:iam::"+account+":user/")},
		{by: reports, api: "secretsmanager:ListSecrets", code: "AccessDeniedException", message: implicit(reports, "secretsmanager:ListSecrets", "")},
		{by: reports, api: "ec2:DescribeInstances", code: "Client.UnauthorizedOperation", message: "You are not authorized to perform this operation. " + implicit(reports, "ec2:DescribeInstances", "")},
		{by: reports, api: "lambda:ListFunctions20150331", code: "AccessDeniedException", message: implicit(reports, "lambda:ListFunctions", "*")},
	},
	// A deployment runs into a guard rail of the organisation.
	5: {
		{
			by: deploy, api: "ec2:RunInstances", parameters: map[string]any{"instanceType": "p5.48xlarge"}, code: "Client.UnauthorizedOperation",
			message: "You are not authorized to perform this operation. User: " + deploy.identity.ARN + " is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:" + account + ":instance/* with an explicit deny in a service control policy. Encoded authorization failure message: EXAMPLE-not-a-real-message",
		},
	},
	// The shop lacks a permission that its new version needs.
	6: {
		{by: shop, api: "dynamodb:DescribeTable", parameters: map[string]any{"tableName": "orders-v2"}, code: "AccessDeniedException", message: implicit(shop, "dynamodb:DescribeTable", "arn:aws:dynamodb:us-east-1:"+account+":table/orders-v2")},
		{by: shop, api: "dynamodb:DescribeTable", parameters: map[string]any{"tableName": "orders-v2"}, code: "AccessDeniedException", message: implicit(shop, "dynamodb:DescribeTable", "arn:aws:dynamodb:us-east-1:"+account+":table/orders-v2")},
		// These two are what the benchmarks of version 1.4 and later leave out.
		{by: delivery, api: "s3:PutObject", parameters: map[string]any{"bucketName": "amzn-s3-demo-logging-bucket"}, code: "AccessDenied", message: "Access Denied"},
		{by: alice, api: "s3:HeadBucket", parameters: map[string]any{"bucketName": "amzn-s3-demo-bucket1"}, code: "AccessDenied", message: "Access Denied"},
	},
}

// implicit is AWS's message for what no policy allows.
func implicit(by caller, action, resource string) string {
	s := "User: " + by.identity.ARN + " is not authorized to perform: " + action
	if resource != "" {
		s += " on resource: " + resource
	}
	return s + " because no identity-based policy allows the " + action + " action"
}

// trail tells the story: a file every five minutes, in two regions.
func trail() []file {
	random := rand.New(rand.NewPCG(2026, 1))
	var files []file
	for i := range 8 {
		f := file{region: "us-east-1", delivered: day.Add(time.Duration(5*i+5) * time.Minute), random: text(random, 16)}
		if i == 2 || i == 4 {
			f.region = "eu-west-1"
		}
		calls := refused[i]
		for len(calls) < 19 {
			calls = append(calls, routine[random.IntN(len(routine))])
		}
		for j, c := range calls {
			at := f.delivered.Add(-4*time.Minute + time.Duration(11*j)*time.Second)
			f.records = append(f.records, c.record(random, f.region, at))
		}
		// CloudTrail promises no order.
		random.Shuffle(len(f.records), func(a, b int) { f.records[a], f.records[b] = f.records[b], f.records[a] })
		files = append(files, f)
	}
	return files
}

func (c call) record(random *rand.Rand, region string, at time.Time) record {
	source, name, _ := strings.Cut(c.api, ":")
	r := record{
		EventVersion: "1.11", UserIdentity: c.by.identity, EventTime: at.Format(time.RFC3339),
		EventSource: source + ".amazonaws.com", EventName: name, AWSRegion: region,
		SourceIPAddress: c.by.address, UserAgent: c.by.agent, ErrorCode: c.code, ErrorMessage: c.message,
		RequestParameters: c.parameters, RequestID: uuid(random), EventID: uuid(random),
		ReadOnly: !strings.HasPrefix(name, "Put") && name != "RunInstances", EventType: "AwsApiCall", ManagementEvent: true,
		RecipientAccountID: account, EventCategory: "Management",
	}
	if bucket, ok := c.parameters["bucketName"].(string); ok {
		r.Resources = []resource{{account, "AWS::S3::Bucket", "arn:aws:s3:::" + bucket}}
	}
	if name == "PutObject" || name == "HeadBucket" {
		r.ManagementEvent, r.EventCategory = false, "Data"
	}
	if c.by.identity.Type != "AWSService" {
		host := fmt.Sprintf("%s.%s.amazonaws.com", source, region)
		r.TLSDetails = map[string]string{"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256", "clientProvidedHostHeader": host}
	}
	return r
}

func uuid(random *rand.Rand) string {
	b := make([]byte, 16)
	for i := range b {
		b[i] = byte(random.IntN(256))
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b)
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}

func text(random *rand.Rand, n int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[random.IntN(len(letters))]
	}
	return string(b)
}
