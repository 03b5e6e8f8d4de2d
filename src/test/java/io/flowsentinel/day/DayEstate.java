package io.flowsentinel.day;

import io.flowsentinel.sample.Dice;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Peer;
import java.util.ArrayList;
import java.util.List;

/**
 * The make-believe VPC of the day: a shop and its partners, in two availability zones. Odd subnets are in the second.
 */
final class DayEstate {

    static final int PARTNERS = 25;

    /** Administrators' machines, over the virtual private gateway. */
    static final List<String> OFFICE = List.of("172.16.4.21", "172.16.4.35", "172.16.5.8");

    /** Machines of the branches, over the virtual private gateway: whoever talks to them logs, they do not. */
    static final String BRANCH = "172.16.8.";

    /** A public resolver that the rules file approves. */
    static final Peer PUBLIC_RESOLVER = Peer.of("192.0.2.53", 53);

    static final Peer S3 = new Peer("52.95.128.179", 443, "S3");
    static final Peer DYNAMODB = new Peer("52.94.5.41", 443, "DYNAMODB");

    private static final String ACCOUNT = "123456789012";
    private static final String[] ZONES = {"use1-az4", "use1-az6"};
    private static final String PUBLIC_LOG = "fl-0a1b2c3d4e5f60718";
    private static final String PRIVATE_LOG = "fl-0b2c3d4e5f6071829";

    private final Dice dice;
    private final List<Nic> all = new ArrayList<>();

    final List<Nic> balancers;
    final Nic nat;
    final Nic bastion;

    /** A mail relay. */
    final Nic mail;

    /** The name server of the shop's own domain: it answers the internet. */
    final Nic names;

    /**
     * Public hosts: one with a generous security group, one with SSH open, and the partners' programming interface.
     */
    final Nic kiosk;

    final Nic builder;
    final Nic api;

    /** Public hosts that work through batches. */
    final List<Nic> batches;

    final List<Nic> webs;
    final List<Nic> apps;
    final Nic database;
    final Nic standby;

    /** Nobody has used it for long. */
    final Nic spare;

    final Nic reports;
    final Nic partners;

    /** Speaks SCTP with the telephone company, and always has. */
    final Nic telephony;

    final Nic resolver;
    final Nic clock;
    final Nic monitor;

    /** Configures all machines by SSH. */
    final Nic manager;

    /** An administrator's machine in the cloud. */
    final Nic workstation;

    /** Is deleted in the evening of the day. */
    final Nic deleted;

    /** Lives for an hour. */
    final Nic shortLived;

    DayEstate(Dice dice) {
        this.dice = dice;
        balancers = List.of(add("10.40.0.10", "-", "2001:db8:40::10"), add("10.40.1.10", "-", null));
        nat = add("10.40.0.220", "-", null);
        bastion = instance("10.40.0.30");
        mail = instance("10.40.0.25");
        names = instance("10.40.1.53");
        kiosk = instance("10.40.0.40");
        builder = instance("10.40.1.50");
        api = instance("10.40.1.60");
        batches = List.of(instance("10.40.0.70"), instance("10.40.1.71"), instance("10.40.0.72"));
        webs = List.of(instance("10.40.10.11"), instance("10.40.11.12"), instance("10.40.10.13"));
        apps = List.of(
                instance("10.40.12.21"), instance("10.40.13.22"), instance("10.40.12.23"), instance("10.40.13.24"));
        database = instance("10.40.20.31");
        standby = instance("10.40.21.32");
        spare = instance("10.40.21.99");
        reports = instance("10.40.24.40");
        partners = instance("10.40.25.40");
        telephony = instance("10.40.26.50");
        resolver = instance("10.40.30.53");
        clock = instance("10.40.30.123");
        monitor = instance("10.40.30.90");
        manager = instance("10.40.30.70");
        workstation = instance("10.40.30.66");
        deleted = instance("10.40.13.29");
        shortLived = instance("10.40.12.28");
        // An interface endpoint nobody uses: NODATA all day.
        add("10.40.30.200", "-", null);
    }

    /** Every interface, in a fixed order. */
    List<Nic> interfaces() {
        return List.copyOf(all);
    }

    /** The hosts that are watched and that ask for names and time. */
    List<Nic> servers() {
        List<Nic> servers = new ArrayList<>(webs);
        servers.addAll(apps);
        servers.addAll(List.of(database, standby, reports, partners, telephony));
        return servers;
    }

    /** Hosts with a public address and a security group that lets next to nothing in. */
    List<Nic> guarded() {
        return List.of(balancers.get(0), balancers.get(1), nat, bastion, mail, names);
    }

    /** {@code interface-type} of an interface. */
    String type(Nic nic) {
        return nic.equals(nat) ? "nat_gateway" : "-";
    }

    static String subnet(int number) {
        return String.format("subnet-0c40d1e2f3a4b5%03d", number);
    }

    private Nic instance(String address) {
        return add(address, "i-" + hex(), null);
    }

    private Nic add(String address, String instance, String address6) {
        int subnet = Integer.parseInt(address.substring(6, address.lastIndexOf('.')));
        Nic nic = new Nic(
                "eni-" + hex(),
                ACCOUNT,
                subnet(subnet),
                instance,
                ZONES[subnet % 2],
                subnet < 10 ? PUBLIC_LOG : PRIVATE_LOG,
                address,
                address6,
                dice.between(0, 59));
        all.add(nic);
        return nic;
    }

    private String hex() {
        StringBuilder text = new StringBuilder("0");
        while (text.length() < 17) {
            text.append(Character.forDigit(dice.between(0, 15), 16));
        }
        return text.toString();
    }
}
