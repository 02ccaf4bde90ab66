package io.waybill.acceptance.faults;

/** What can go wrong. */
enum Kind {
    KILL_CONTEXT("kill -9 of an instance of a context"),
    KILL_GATEWAY("kill -9 of a gateway"),
    STOP_CONTEXT("SIGTERM to an instance of a context"),
    WRONG_CLOCK("an instance comes back with a clock that is hours wrong"),
    FREEZE_CONTEXT("SIGSTOP of an instance of a context"),
    FREEZE_GATEWAY("SIGSTOP of a gateway"),
    KILL_POSTGRESQL("kill -9 of PostgreSQL"),
    KILL_RABBITMQ("kill -9 of RabbitMQ"),
    KILL_REDIS("kill -9 of Redis"),
    FREEZE_POSTGRESQL("SIGSTOP of PostgreSQL"),
    FREEZE_RABBITMQ("SIGSTOP of RabbitMQ"),
    FREEZE_REDIS("SIGSTOP of Redis"),
    CUT("connections of a process to a server are cut"),
    HALF_OPEN("connections of a process to a server are half open"),
    DELAY("everything between a process and a server is delayed"),
    PARTNER_DOWN("the partners are down"),
    PARTNER_SLOW("the partners answer too late"),
    PARTNER_WRONG("the partners' answers cannot be understood"),
    DUPLICATES("messages come twice, the second time late and in another order"),
    REORDERED("messages to a queue come late and in another order"),
    NO_CONNECTIONS("PostgreSQL ends all sessions and grants no new ones"),
    FULL_DISK_POSTGRESQL("PostgreSQL's disk is full"),
    FULL_DISK_RABBITMQ("RabbitMQ's disk is full");

    private final String text;

    Kind(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
