package io.waybill.acceptance.faults;

/** PostgreSQL, RabbitMQ or Redis: a server of the machine, with data of its own. */
interface Server extends AutoCloseable {

    String name();

    int port();

    /** Starts it, for the first time or again on its data, and returns at once. */
    void start();

    /** As {@code kill -9}. */
    void kill();

    void freeze();

    void thaw();

    /** Whether it answers a question. */
    boolean answers();

    long memory();

    @Override
    void close();
}
