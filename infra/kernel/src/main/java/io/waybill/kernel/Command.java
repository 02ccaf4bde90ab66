package io.waybill.kernel;

/** A wish that one context is asked to fulfil. Commands are records of a context's sealed family. */
public interface Command {

    /** The id of the aggregate that decides on it. */
    String target();

    /** What commands are kept in order by; the order's id where there is one. */
    default String partitionKey() {
        return target();
    }
}
