package io.flowsentinel.sample;

import java.util.ArrayList;
import java.util.List;

/** The make-believe VPC: a shop behind a load balancer, in two availability zones. */
final class Estate {

    static final String ACCOUNT = "123456789012";
    static final String REGION = "us-east-1";
    static final String VPC = "vpc-0f5e11a1b2c3d4e50";

    /** The office, reached over the virtual private gateway. */
    static final List<String> OFFICE = List.of("172.16.4.21", "172.16.4.35", "172.16.5.8");

    static final String OFFICE_RESOLVER = "172.16.0.53";
    static final Peer S3 = new Peer("52.95.128.179", 443, "S3");

    private static final String PUBLIC_LOG = "fl-0a1b2c3d4e5f60718";
    private static final String PRIVATE_LOG = "fl-0b2c3d4e5f6071829";
    private static final String[] ZONES = {"use1-az4", "use1-az6"};

    private final Dice dice;
    private final List<Nic> all = new ArrayList<>();

    final List<Nic> balancers;
    final Nic nat;
    final Nic bastion;

    /** A public host with a generous security group. */
    final Nic kiosk;

    /** A public host somebody opened SSH on. */
    final Nic builder;

    final List<Nic> webs;
    final List<Nic> apps;
    final Nic database;
    final Nic standby;

    /** A service in a subnet with its own network ACL. */
    final Nic reports;

    final Nic resolver;
    final Nic clock;
    final Nic monitor;

    Estate(Dice dice) {
        this.dice = dice;
        balancers = List.of(managed("10.20.0.10", ACCOUNT, "2001:db8:20::10"), managed("10.20.1.10", ACCOUNT, null));
        nat = managed("10.20.0.220", ACCOUNT, null);
        bastion = instance("10.20.0.30");
        kiosk = instance("10.20.0.40");
        builder = instance("10.20.1.50");
        webs = List.of(instance("10.20.10.11"), instance("10.20.11.12"), instance("10.20.10.13"));
        apps = List.of(instance("10.20.10.21"), instance("10.20.11.22"), instance("10.20.10.23"));
        database = instance("10.20.20.31");
        standby = instance("10.20.21.32");
        reports = instance("10.20.25.40");
        resolver = instance("10.20.30.53");
        clock = instance("10.20.30.123");
        monitor = instance("10.20.30.90");
        // An interface endpoint nobody uses: NODATA all day.
        managed("10.20.30.200", "unknown", null);
    }

    /** Every interface, in a fixed order. */
    List<Nic> interfaces() {
        return List.copyOf(all);
    }

    /** The interface with this address; null where the address is not in use. */
    Nic at(String address) {
        return all.stream()
                .filter(nic -> nic.address().equals(address))
                .findFirst()
                .orElse(null);
    }

    /** The hosts that ask for names and time and are watched. */
    List<Nic> servers() {
        List<Nic> servers = new ArrayList<>(webs);
        servers.addAll(apps);
        servers.addAll(List.of(database, standby, reports));
        return servers;
    }

    private Nic instance(String address) {
        return add(address, ACCOUNT, "i-" + hex(17), null);
    }

    private Nic managed(String address, String account, String address6) {
        return add(address, account, "-", address6);
    }

    private Nic add(String address, String account, String instance, String address6) {
        int subnet = Integer.parseInt(address.substring(6, address.lastIndexOf('.')));
        Nic nic = new Nic(
                "eni-" + hex(17),
                account,
                String.format("subnet-0c40d1e2f3a4b5%03d", subnet),
                instance,
                ZONES[subnet % 2],
                subnet < 10 ? PUBLIC_LOG : PRIVATE_LOG,
                address,
                address6,
                dice.between(0, 59));
        all.add(nic);
        return nic;
    }

    private String hex(int digits) {
        StringBuilder text = new StringBuilder("0");
        while (text.length() < digits) {
            text.append(Character.forDigit(dice.between(0, 15), 16));
        }
        return text.toString();
    }
}
