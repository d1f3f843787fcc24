package trailevent

import (
	"regexp"
	"strings"
)

// Service is the service's prefix in IAM actions, "s3" or "cloudwatch".
func (e Event) Service() string {
	host := strings.TrimSuffix(e.Source, ".amazonaws.com")
	if prefix, ok := servicePrefixes[host]; ok {
		return prefix
	}
	return host
}

// Operation is the API operation: the event's name without the version that
// some services append, as in CreateFunction20150331.
func (e Event) Operation() string { return versionSuffix.ReplaceAllString(e.Name, "") }

var versionSuffix = regexp.MustCompile(`(?:20\d{6}|20\d\d_\d\d_\d\d)(?:v\d+)?$`)

// Action is the IAM action that allows the call, "s3:ListAllMyBuckets" for S3's
// ListBuckets. It is empty for what is not an API call, such as a console
// sign-in, and for records that do not name one.
func (e Event) Action() string {
	service, operation := e.Service(), e.Operation()
	if service == "" || operation == "" || e.Type != "" && e.Type != "AwsApiCall" {
		return ""
	}
	if service == "apigateway" {
		return apiGatewayAction(operation)
	}
	if action, ok := actions[service+":"+operation]; ok {
		return service + ":" + action
	}
	return service + ":" + operation
}

// apiGatewayAction: API Gateway's actions are HTTP methods.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
func apiGatewayAction(operation string) string {
	for verb, method := range map[string]string{
		"Get": "GET", "Create": "POST", "Import": "POST", "Update": "PATCH", "Put": "PUT", "Delete": "DELETE", "Tag": "PUT", "Untag": "DELETE",
	} {
		if strings.HasPrefix(operation, verb) {
			return "apigateway:" + method
		}
	}
	return "apigateway:" + operation
}

// servicePrefixes are the services whose event source is not their IAM prefix
// with ".amazonaws.com" behind it.
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
var servicePrefixes = map[string]string{
	"amazonmq":                "mq",
	"application-insights":    "applicationinsights",
	"cloudcontrolapi":         "cloudformation",
	"email":                   "ses",
	"iotdata":                 "iot",
	"monitoring":              "cloudwatch",
	"opensearch":              "es",
	"pinpoint":                "mobiletargeting",
	"resource-groups-tagging": "tag",
	"streams.dynamodb":        "dynamodb",
	"tagging":                 "tag",
}

// actions are the operations whose IAM action has another name.
// S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
// Lambda: https://docs.aws.amazon.com/lambda/latest/dg/API_Invoke.html
var actions = map[string]string{
	"lambda:Invoke":                   "InvokeFunction",
	"lambda:InvokeAsync":              "InvokeFunction",
	"lambda:InvokeWithResponseStream": "InvokeFunction",

	"s3:CompleteMultipartUpload":                     "PutObject",
	"s3:CopyObject":                                  "PutObject",
	"s3:CreateMultipartUpload":                       "PutObject",
	"s3:DeleteBucketAnalyticsConfiguration":          "PutAnalyticsConfiguration",
	"s3:DeleteBucketCors":                            "PutBucketCORS",
	"s3:DeleteBucketEncryption":                      "PutEncryptionConfiguration",
	"s3:DeleteBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
	"s3:DeleteBucketInventoryConfiguration":          "PutInventoryConfiguration",
	"s3:DeleteBucketLifecycle":                       "PutLifecycleConfiguration",
	"s3:DeleteBucketMetricsConfiguration":            "PutMetricsConfiguration",
	"s3:DeleteBucketOwnershipControls":               "PutBucketOwnershipControls",
	"s3:DeleteBucketPublicAccessBlock":               "PutBucketPublicAccessBlock",
	"s3:DeleteBucketReplication":                     "PutReplicationConfiguration",
	"s3:DeleteBucketTagging":                         "PutBucketTagging",
	"s3:DeleteObjects":                               "DeleteObject",
	"s3:DeletePublicAccessBlock":                     "PutBucketPublicAccessBlock",
	"s3:GetBucketAccelerateConfiguration":            "GetAccelerateConfiguration",
	"s3:GetBucketAnalyticsConfiguration":             "GetAnalyticsConfiguration",
	"s3:GetBucketCors":                               "GetBucketCORS",
	"s3:GetBucketEncryption":                         "GetEncryptionConfiguration",
	"s3:GetBucketIntelligentTieringConfiguration":    "GetIntelligentTieringConfiguration",
	"s3:GetBucketInventoryConfiguration":             "GetInventoryConfiguration",
	"s3:GetBucketLifecycle":                          "GetLifecycleConfiguration",
	"s3:GetBucketLifecycleConfiguration":             "GetLifecycleConfiguration",
	"s3:GetBucketMetricsConfiguration":               "GetMetricsConfiguration",
	"s3:GetBucketNotificationConfiguration":          "GetBucketNotification",
	"s3:GetBucketReplication":                        "GetReplicationConfiguration",
	"s3:GetObjectLockConfiguration":                  "GetBucketObjectLockConfiguration",
	"s3:GetPublicAccessBlock":                        "GetBucketPublicAccessBlock",
	"s3:HeadBucket":                                  "ListBucket",
	"s3:HeadObject":                                  "GetObject",
	"s3:ListBucketAnalyticsConfigurations":           "GetAnalyticsConfiguration",
	"s3:ListBucketIntelligentTieringConfigurations":  "GetIntelligentTieringConfiguration",
	"s3:ListBucketInventoryConfigurations":           "GetInventoryConfiguration",
	"s3:ListBucketMetricsConfigurations":             "GetMetricsConfiguration",
	"s3:ListBuckets":                                 "ListAllMyBuckets",
	"s3:ListMultipartUploads":                        "ListBucketMultipartUploads",
	"s3:ListObjectVersions":                          "ListBucketVersions",
	"s3:ListObjects":                                 "ListBucket",
	"s3:ListObjectsV2":                               "ListBucket",
	"s3:ListParts":                                   "ListMultipartUploadParts",
	"s3:PostObject":                                  "PutObject",
	"s3:PutBucketAccelerateConfiguration":            "PutAccelerateConfiguration",
	"s3:PutBucketAnalyticsConfiguration":             "PutAnalyticsConfiguration",
	"s3:PutBucketCors":                               "PutBucketCORS",
	"s3:PutBucketEncryption":                         "PutEncryptionConfiguration",
	"s3:PutBucketIntelligentTieringConfiguration":    "PutIntelligentTieringConfiguration",
	"s3:PutBucketInventoryConfiguration":             "PutInventoryConfiguration",
	"s3:PutBucketLifecycle":                          "PutLifecycleConfiguration",
	"s3:PutBucketLifecycleConfiguration":             "PutLifecycleConfiguration",
	"s3:PutBucketMetricsConfiguration":               "PutMetricsConfiguration",
	"s3:PutBucketNotificationConfiguration":          "PutBucketNotification",
	"s3:PutBucketReplication":                        "PutReplicationConfiguration",
	"s3:PutObjectLockConfiguration":                  "PutBucketObjectLockConfiguration",
	"s3:PutPublicAccessBlock":                        "PutBucketPublicAccessBlock",
	"s3:SelectObjectContent":                         "GetObject",
	"s3:UploadPart":                                  "PutObject",
	"s3:UploadPartCopy":                              "PutObject",
}
