"""Faults planted on purpose: a rehearsal that does not catch them proves nothing.

Each is one slip that somebody could make in template.yaml, and the check that has to catch it. A
check that catches none would not be known to work: the rehearsal refuses that too.
"""

from copy import deepcopy
from dataclasses import dataclass

from .slips import (
    Slip,
    attribute,
    drop,
    grant,
    lose,
    put,
    rename,
    revoke,
    scheduled_rule,
    unconditional,
    undocumented,
    unroute,
    untraced,
)
from .transform import WAYS, Way


@dataclass(frozen=True)
class Fault:
    """A slip, who has to catch it, and how it is made."""

    name: str
    caught_by: str
    slip: Slip
    way: Way = WAYS[0]

    def planted_in(self, source: dict) -> dict:
        """The template with the slip in it."""
        template = deepcopy(source)
        self.slip(template["Resources"])
        if template == source:
            raise ValueError(f"the slip changes nothing: {self.name}")
        return template


FIRST_TARGET = ("Targets", 0)

FAULTS = [
    Fault("an index sorted by another key", "table.has_the_codes_indexes",
          put("at_ms", "Table", "GlobalSecondaryIndexes", 0, "KeySchema", 1, "AttributeName")),
    Fault("an index less", "table.has_the_codes_indexes",
          drop("Table", "GlobalSecondaryIndexes", 2)),
    Fault("an index that projects less", "table.has_the_codes_indexes",
          put(["item"], "Table", "GlobalSecondaryIndexes", 0, "Projection", "NonKeyAttributes")),
    Fault("a number for a text as key", "table.has_the_codes_keys",
          put("N", "Table", "AttributeDefinitions", 0, "AttributeType")),
    Fault("time-to-live on another attribute", "table.forgets_in_time",
          put("expires", "Table", "TimeToLiveSpecification", "AttributeName")),
    Fault("no point-in-time recovery", "table.is_recoverable",
          drop("Table", "PointInTimeRecoverySpecification")),
    Fault("no encryption of the table", "table.is_encrypted", drop("Table", "SSESpecification")),
    Fault("no deletion protection", "table.outlives_the_stack",
          drop("Table", "DeletionProtectionEnabled")),
    Fault("data deleted with the stack", "table.outlives_the_stack",
          attribute("Table", "DeletionPolicy", "Delete")),
    Fault("capacity to plan", "table.is_paid_by_request",
          put("PROVISIONED", "Table", "BillingMode")),
    Fault("code from another folder", "functions.run_what_was_built",
          put("../../target/lambda/score/", "ScoreFunction", "CodeUri")),
    Fault("an architecture that is not the chosen one", "functions.run_as_expected",
          put(["x86_64"], "SlaFunction", "Architectures")),
    Fault("a function without tracing", "functions.are_traced",
          put("PassThrough", "DeskFunction", "Tracing")),
    Fault("a variable that nobody reads", "functions.find_their_environment",
          put({"Variables": {"BATON_TABEL": "x"}}, "ScoreFunction", "Environment")),
    Fault("runs reserved", "functions.share_nothing_out",
          put(1, "SlaFunction", "ReservedConcurrentExecutions")),
    Fault("a bus that is not the one of the outputs", "functions.name_their_resources",
          put({"Variables": {"BATON_BUS": "default"}}, "RouteFunction", "Environment")),
    Fault("a rule without retries", "hops.say_how_often",
          drop("RouteRule", *FIRST_TARGET, "RetryPolicy")),
    Fault("a rule that gives up in five minutes", "hops.outlast_an_outage",
          put(300, "RouteRule", *FIRST_TARGET, "RetryPolicy", "MaximumEventAgeInSeconds")),
    Fault("a rule without dead letters", "hops.keep_what_cannot_be_delivered",
          drop("RouteRule", *FIRST_TARGET, "DeadLetterConfig")),
    Fault("dead letters that the rule may not write", "hops.keep_what_cannot_be_delivered",
          lose("RouteDeadLettersPolicy")),
    Fault("a schedule without dead letters", "hops.keep_what_cannot_be_delivered",
          drop("Sweep", "Target", "DeadLetterConfig")),
    Fault("dead letters that the schedule may not write", "hops.keep_what_cannot_be_delivered",
          revoke("SweepRole", "KeepWhatCouldNotStart")),
    Fault("failures of route dropped", "hops.keep_what_a_function_failed_at",
          drop("RouteFunction", "EventInvokeConfig", "DestinationConfig")),
    Fault("retries of route by default", "hops.keep_what_a_function_failed_at",
          drop("RouteFunction", "EventInvokeConfig", "MaximumRetryAttempts")),
    Fault("failures that route may not write", "hops.keep_what_a_function_failed_at",
          revoke("RouteRole", "KeepFailures")),
    Fault("a rule that may not start route", "hops.start_what_they_may", lose("RoutePermission")),
    Fault("a scheduled rule instead of Scheduler", "hops.tick_by_the_scheduler", scheduled_rule),
    Fault("a tick every hour", "hops.tick_by_the_scheduler",
          put("rate(1 hour)", "Sweep", "ScheduleExpression")),
    Fault("a rule for an event that nobody publishes", "hops.speak_the_codes_words",
          put(["lead.qualifed"], "RouteRule", "EventPattern", "detail-type")),
    Fault("a route less than documented", "http.routes_are_the_documented_ones", unroute),
    Fault("a route that is not documented", "http.routes_are_the_documented_ones", undocumented),
    Fault("a route to the wrong function", "http.routes_lead_to_who_knows_them",
          put("integrations/${DeskIntegration}", "HealthRoute", "Target")),
    Fault("payloads of format 1.0", "http.integrations_speak_our_payload",
          put("1.0", "ScoreIntegration", "PayloadFormatVersion")),
    Fault("a route without a limit", "http.every_route_is_throttled",
          drop("Stage", "RouteSettings", "POST /activities")),
    Fault("a stage made before its routes", "http.stage_waits_for_its_routes",
          lambda resources: resources["Stage"]["DependsOn"].pop()),
    Fault("paths that begin with a stage", "http.stage_is_at_the_root",
          put("prod", "Stage", "StageName")),
    Fault("paths in the access log", "http.access_log_is_discreet",
          put('{"path":"$context.path"}', "Stage", "AccessLogSettings", "Format")),
    Fault("every action of DynamoDB", "grants.name_each_action",
          grant("ScoreRole", "Decide", Action="dynamodb:*")),
    Fault("publishing to every topic", "grants.name_each_resource",
          grant("RouteRole", "TellPeople", Resource="*")),
    Fault("every index queried", "grants.name_each_resource",
          grant("SlaRole", "FindWhatIsDue", Resource={"Fn::Sub": "${Table.Arn}/index/*"})),
    Fault("an index that is not there queried", "grants.query_only_known_indexes",
          grant("SlaRole", "FindWhatIsDue", Resource={"Fn::Sub": "${Table.Arn}/index/by_dew"})),
    Fault("a reason for a right that nobody has", "grants.use_each_wide_right", untraced),
    Fault("a policy by AWS", "grants.borrow_no_policies",
          put(["arn:aws:iam::aws:policy/AmazonSNSFullAccess"], "DeskRole", "ManagedPolicyArns")),
    Fault("one role for two functions", "grants.give_each_function_its_own",
          put({"Fn::GetAtt": ["DeskRole", "Arn"]}, "ScoreFunction", "Role")),
    Fault("a queue that anybody's rule may fill", "grants.let_in_only_who_is_named",
          drop("RouteDeadLettersPolicy", "PolicyDocument", "Statement", 0, "Condition")),
    Fault("a function that anybody's API may call", "grants.let_in_only_who_is_named",
          drop("DeskPermission", "SourceArn")),
    Fault("an operators' topic named like a person's", "grants.reach_the_people",
          put({"Fn::Sub": "${AWS::StackName}-to-ops"}, "OperatorsTopic", "TopicName")),
    Fault("a log kept for ever", "kept.logs_are_bounded", drop("SlaLog", "RetentionInDays")),
    Fault("a log that nobody may write", "kept.functions_log_json",
          revoke("DeskRole", "WriteLog")),
    Fault("dead letters in the clear", "kept.dead_letters_are_safe",
          drop("SlaFailures", "SqsManagedSseEnabled")),
    Fault("a secret's value in the template", "kept.secrets_are_elsewhere",
          put("link_key = 'hunter2'", "Secret", "SecretString")),
    Fault("an alarm that tells nobody", "alarms.reach_the_operators",
          drop("ScoreErrors", "AlarmActions")),
    Fault("an alarm silent on silence", "alarms.say_what_silence_means",
          drop("SweepMissing", "TreatMissingData")),
    Fault("a heartbeat that may stop", "alarms.miss_the_heartbeat",
          put("notBreaching", "SweepMissing", "TreatMissingData")),
    Fault("a function that nobody watches", "alarms.watch_every_function", lose("RouteThrottled")),
    Fault("a queue that nobody watches", "alarms.watch_every_queue", lose("SlaFailuresKept")),
    Fault("an alarm on a misspelt metric", "alarms.watch_our_own_metrics",
          put("SweepHearbeat", "SweepMissing", "MetricName")),
    Fault("a topic that alarms can't use", "alarms.let_alarms_through",
          put("alias/aws/sns", "OperatorsTopic", "KmsMasterKeyId")),
    Fault("a dashboard that does not read", "alarms.can_be_seen",
          put({"Fn::Sub": "{ widgets: [] }"}, "Dashboard", "DashboardBody")),
    Fault("a domain without its record", "options.come_whole_or_not_at_all", lose("DomainRecord")),
    Fault("a connection to no CRM", "options.come_whole_or_not_at_all",
          unconditional("CrmConnection"), WAYS[1]),
    Fault("links that pass the domain by", "options.links_begin_where_the_api_is",
          put({"Variables": {"BATON_URL": {"Fn::Sub": "https://${Api}"}}},
              "DeskFunction", "Environment")),
    Fault("a CRM that hears of nothing", "options.the_crm_hears_of_everything", lose("CrmRule")),
    Fault("an alarm that no page explains", "pages.tell_of_everything",
          rename("ApiFails", "ApiBroken")),
    Fault("a property that is not", "lint",
          put(True, "RouteDeadLetters", "EncryptionEnabled")),
    Fault("a value that is not one of those allowed", "lint",
          put("AVERAGE", "ScoreErrors", "Statistic")),
    Fault("a circle of dependencies", "lint",
          put({"Ref": "ScoreFunction"}, "Api", "Description")),
]
