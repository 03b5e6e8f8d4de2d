package io.flowsentinel.parse;

import java.util.HashMap;
import java.util.Map;

/**
 * The fields a flow log may have, by the name AWS gives them: VPC Flow Logs versions 2 to 11 and transit gateway flow
 * logs (version 6). Names not listed here are columns to skip: new ones come with every version.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html">VPC flow log records</a>
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html">Transit gateway flow logs</a>
 */
enum FlowLogField {
    VERSION("version", 2, "highest version among the chosen fields"),
    ACCOUNT_ID("account-id", 2, "owner of the interface, 12 digits, or unknown"),
    INTERFACE_ID("interface-id", 2, "network interface; absent for a regional NAT gateway"),
    SRCADDR("srcaddr", 2, "source, or the interface's own address on egress"),
    DSTADDR("dstaddr", 2, "destination, or the interface's own address on ingress"),
    SRCPORT("srcport", 2, "source port, 0 where the protocol has none"),
    DSTPORT("dstport", 2, "destination port, 0 where the protocol has none"),
    PROTOCOL("protocol", 2, "IANA protocol number"),
    PACKETS("packets", 2, "packets of this record"),
    BYTES("bytes", 2, "bytes of this record; not supplied for Block Public Access rejects"),
    START("start", 2, "epoch seconds of the first packet, up to 60 s off"),
    END("end", 2, "epoch seconds of the last packet, up to 60 s off"),
    ACTION("action", 2, "ACCEPT or REJECT"),
    LOG_STATUS("log-status", 2, "OK, NODATA or SKIPDATA"),

    VPC_ID("vpc-id", 3, "VPC of the interface"),
    SUBNET_ID("subnet-id", 3, "subnet of the interface"),
    INSTANCE_ID("instance-id", 3, "instance; absent for requester-managed interfaces"),
    TCP_FLAGS("tcp-flags", 3, "OR of FIN 1, SYN 2, RST 4, SYN-ACK 18"),
    TYPE("type", 3, "IPv4, IPv6 or EFA"),
    PKT_SRCADDR("pkt-srcaddr", 3, "packet-level source"),
    PKT_DSTADDR("pkt-dstaddr", 3, "packet-level destination"),

    REGION("region", 4, "region of the interface"),
    AZ_ID("az-id", 4, "availability zone id"),
    SUBLOCATION_TYPE("sublocation-type", 4, "wavelength, outpost or localzone"),
    SUBLOCATION_ID("sublocation-id", 4, "id of the sublocation"),

    PKT_SRC_AWS_SERVICE("pkt-src-aws-service", 5, "AWS address range of the packet-level source"),
    PKT_DST_AWS_SERVICE("pkt-dst-aws-service", 5, "AWS address range of the packet-level destination"),
    FLOW_DIRECTION("flow-direction", 5, "ingress or egress, relative to the interface"),
    TRAFFIC_PATH("traffic-path", 5, "way out of the VPC, 1 to 8; always absent on ingress"),

    RESOURCE_TYPE("resource-type", 6, "TransitGateway"),
    TGW_ID("tgw-id", 6, "transit gateway"),
    TGW_ATTACHMENT_ID("tgw-attachment-id", 6, "attachment that logged"),
    TGW_SRC_VPC_ACCOUNT_ID("tgw-src-vpc-account-id", 6, "account of the source VPC"),
    TGW_DST_VPC_ACCOUNT_ID("tgw-dst-vpc-account-id", 6, "account of the destination VPC"),
    TGW_SRC_VPC_ID("tgw-src-vpc-id", 6, "source VPC"),
    TGW_DST_VPC_ID("tgw-dst-vpc-id", 6, "destination VPC"),
    TGW_SRC_SUBNET_ID("tgw-src-subnet-id", 6, "source subnet"),
    TGW_DST_SUBNET_ID("tgw-dst-subnet-id", 6, "destination subnet"),
    TGW_SRC_ENI("tgw-src-eni", 6, "interface of the source attachment"),
    TGW_DST_ENI("tgw-dst-eni", 6, "interface of the destination attachment"),
    TGW_SRC_AZ_ID("tgw-src-az-id", 6, "availability zone id of the source"),
    TGW_DST_AZ_ID("tgw-dst-az-id", 6, "availability zone id of the destination"),
    TGW_PAIR_ATTACHMENT_ID("tgw-pair-attachment-id", 6, "the other attachment"),
    PACKETS_LOST_NO_ROUTE("packets-lost-no-route", 6, "packets lost for want of a route"),
    PACKETS_LOST_BLACKHOLE("packets-lost-blackhole", 6, "packets lost to a black hole route"),
    PACKETS_LOST_MTU_EXCEEDED("packets-lost-mtu-exceeded", 6, "packets lost for their size"),
    PACKETS_LOST_TTL_EXPIRED("packets-lost-ttl-expired", 6, "packets lost for their time to live"),

    ECS_CLUSTER_ARN("ecs-cluster-arn", 7, "ECS cluster"),
    ECS_CLUSTER_NAME("ecs-cluster-name", 7, "name of the ECS cluster"),
    ECS_CONTAINER_INSTANCE_ARN("ecs-container-instance-arn", 7, "container instance; absent on Fargate"),
    ECS_CONTAINER_INSTANCE_ID("ecs-container-instance-id", 7, "id of the container instance"),
    ECS_CONTAINER_ID("ecs-container-id", 7, "runtime id of the first container"),
    ECS_SECOND_CONTAINER_ID("ecs-second-container-id", 7, "runtime id of the second container"),
    ECS_SERVICE_NAME("ecs-service-name", 7, "service that started the task"),
    ECS_TASK_DEFINITION_ARN("ecs-task-definition-arn", 7, "task definition"),
    ECS_TASK_ARN("ecs-task-arn", 7, "task"),
    ECS_TASK_ID("ecs-task-id", 7, "id of the task"),

    REJECT_REASON("reject-reason", 8, "BPA (Block Public Access) or EC (encryption controls)"),
    RESOURCE_ID("resource-id", 9, "owning resource, such as a regional NAT gateway"),
    ENCRYPTION_STATUS("encryption-status", 10, "0 none, 1 Nitro, 2 application, 3 both"),

    INSTANCE_TAG("instance-tag", 11, "value of the first instance tag, percent-encoded"),
    INSTANCE_TAG_2("instance-tag-2", 11, "value of the second instance tag, percent-encoded"),
    INTERFACE_TAG("interface-tag", 11, "value of the first interface tag, percent-encoded"),
    INTERFACE_TAG_2("interface-tag-2", 11, "value of the second interface tag, percent-encoded"),
    ASG_TAG("asg-tag", 11, "value of the first Auto Scaling group tag, percent-encoded"),
    ASG_TAG_2("asg-tag-2", 11, "value of the second Auto Scaling group tag, percent-encoded"),
    INTERFACE_TYPE("interface-type", 11, "kind of the interface, an open set"),
    NEXT_HOP_INTERFACE_ID("next-hop-interface-id", 11, "receiver on egress, sender on ingress"),
    NEXT_HOP_SUBNET_ID("next-hop-subnet-id", 11, "subnet of the next hop"),
    NEXT_HOP_AZ_ID("next-hop-az-id", 11, "availability zone id of the next hop"),
    NEXT_HOP_VPC_ID("next-hop-vpc-id", 11, "VPC of the next hop"),
    NEXT_HOP_INTERFACE_TYPE("next-hop-interface-type", 11, "kind of the next hop, an open set");

    /** The version of the fields that only a transit gateway has; no field of a VPC flow log has it. */
    static final int TRANSIT_GATEWAY_VERSION = 6;

    private static final Map<String, FlowLogField> BY_NAME = byName();

    private final String awsName;
    private final int version;
    private final String meaning;

    FlowLogField(String awsName, int version, String meaning) {
        this.awsName = awsName;
        this.version = version;
        this.meaning = meaning;
    }

    /** The field of this name, hyphens or underscores (Parquet); null for a column to skip. */
    static FlowLogField named(String name) {
        return BY_NAME.get(normal(name));
    }

    /** The name as text objects spell it. */
    static String normal(String name) {
        return name.replace('_', '-');
    }

    String awsName() {
        return awsName;
    }

    /** The flow log version that brought the field. */
    int version() {
        return version;
    }

    String meaning() {
        return meaning;
    }

    private static Map<String, FlowLogField> byName() {
        Map<String, FlowLogField> fields = new HashMap<>();
        for (FlowLogField field : values()) {
            fields.put(field.awsName, field);
        }
        return Map.copyOf(fields);
    }
}
