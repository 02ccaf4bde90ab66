package io.waybill.acceptance.faults;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Breaks a part of the rig, mends it, and returns when the part answers again. */
final class Injector {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final List<String> QUEUES =
            List.of("payment.commands", "inventory.commands", "shipping.commands", "order.inbox", "inventory.inbox");

    private final Rig rig;

    Injector(Rig rig) {
        this.rig = rig;
    }

    /** What it was done to, in words. */
    String inject(Fault fault) throws SQLException {
        return switch (fault.kind()) {
            case KILL_CONTEXT -> restart(one(rig.contexts(), fault), fault, false, Duration.ZERO);
            case KILL_GATEWAY -> restart(one(rig.gateways(), fault), fault, false, Duration.ZERO);
            case STOP_CONTEXT -> restart(one(rig.contexts(), fault), fault, true, Duration.ZERO);
            case WRONG_CLOCK -> restart(one(rig.contexts(), fault), fault, false, hours(fault));
            case FREEZE_CONTEXT -> freeze(one(rig.contexts(), fault), fault);
            case FREEZE_GATEWAY -> freeze(one(rig.gateways(), fault), fault);
            case KILL_POSTGRESQL, KILL_RABBITMQ, KILL_REDIS -> restart(server(fault), fault);
            case FREEZE_POSTGRESQL, FREEZE_RABBITMQ, FREEZE_REDIS -> freeze(server(fault), fault);
            case CUT -> disturb(fault, Link::cut);
            case HALF_OPEN -> disturb(fault, Link::halfOpen);
            case DELAY -> disturb(fault, link -> link.delay(Duration.ofMillis(20 + fault.choice() % 180)));
            case PARTNER_DOWN -> partners("down", fault);
            case PARTNER_SLOW -> partners("slow", fault);
            case PARTNER_WRONG -> partners("wrong", fault);
            case DUPLICATES -> postman(fault).bringTwice(fault.time()) + " messages";
            case REORDERED -> {
                String queue = one(QUEUES, fault);
                yield postman(fault).shuffle(queue, fault.time()) + " messages to " + queue;
            }
            case NO_CONNECTIONS -> {
                rig.postgres().exhaustConnections();
                try {
                    Rig.pause(fault.time());
                } finally {
                    rig.postgres().grantConnections();
                }
                yield "all";
            }
            case FULL_DISK_POSTGRESQL -> {
                rig.postgres().fillDisk();
                try {
                    Rig.pause(fault.time());
                } finally {
                    rig.postgres().freeDisk();
                }
                yield "all databases";
            }
            case FULL_DISK_RABBITMQ -> {
                rig.rabbit().fillDisk();
                try {
                    Rig.pause(fault.time());
                } finally {
                    rig.rabbit().freeDisk();
                }
                yield "all queues";
            }
        };
    }

    boolean canDo(Kind kind) {
        return kind != Kind.FULL_DISK_POSTGRESQL || rig.postgres().hasSmallDisk();
    }

    /** Takes a server away for a long time. */
    void away(Server server, Duration time) {
        server.kill();
        Rig.pause(time);
        server.start();
        Rig.await(server.name() + " answers", PATIENCE, server::answers);
    }

    private static String restart(Instance instance, Fault fault, boolean gently, Duration clock) {
        if (gently) {
            instance.stop();
        } else {
            instance.kill();
        }
        Rig.pause(fault.time());
        instance.start(clock);
        Rig.await(instance.name() + " is ready", PATIENCE, instance::probe);
        return instance.name() + (clock.isZero() ? "" : ", wrong by " + clock);
    }

    private String restart(Server server, Fault fault) {
        away(server, fault.time());
        return server.name();
    }

    private static String freeze(Instance instance, Fault fault) {
        instance.freeze();
        try {
            Rig.pause(fault.time());
        } finally {
            instance.thaw();
        }
        Rig.await(instance.name() + " is ready", PATIENCE, instance::probe);
        return instance.name();
    }

    private static String freeze(Server server, Fault fault) {
        server.freeze();
        try {
            Rig.pause(fault.time());
        } finally {
            server.thaw();
        }
        Rig.await(server.name() + " answers", PATIENCE, server::answers);
        return server.name();
    }

    private interface Disturbance {
        void of(Link link);
    }

    private String disturb(Fault fault, Disturbance disturbance) {
        Instance instance = one(rig.instances(), fault);
        List<Server> used = rig.servers().stream()
                .filter(server -> instance.link(server).isPresent())
                .toList();
        Server server = used.get(fault.choice() / rig.instances().size() % used.size());
        Link link = instance.link(server).orElseThrow();
        disturbance.of(link);
        try {
            Rig.pause(fault.time());
        } finally {
            link.heal();
        }
        return instance.name() + " to " + server.name();
    }

    private String partners(String mood, Fault fault) {
        rig.partners(mood);
        try {
            Rig.pause(fault.time());
        } finally {
            rig.partners("");
        }
        return "both";
    }

    private Postman postman(Fault fault) {
        return new Postman(rig.rabbit(), new Random(fault.choice()));
    }

    private Server server(Fault fault) {
        return switch (fault.kind()) {
            case KILL_POSTGRESQL, FREEZE_POSTGRESQL -> rig.servers().get(0);
            case KILL_RABBITMQ, FREEZE_RABBITMQ -> rig.servers().get(1);
            case KILL_REDIS, FREEZE_REDIS -> rig.servers().get(2);
            default -> throw new IllegalArgumentException(fault.toString());
        };
    }

    /** From five hours slow to five hours fast, and never right. */
    private static Duration hours(Fault fault) {
        int hours = 1 + fault.choice() % 5;
        return Duration.ofHours(fault.choice() % 2 == 0 ? hours : -hours);
    }

    private static <T> T one(List<T> all, Fault fault) {
        return all.get(fault.choice() % all.size());
    }
}
