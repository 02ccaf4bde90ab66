package io.waybill.kernel;

/** A fact that a context tells the others. Events are records of a context's sealed family. */
public interface Event {

    /** The id of the aggregate it happened to. */
    String subject();

    /** What consumers keep events in order by: the order's id where there is one. */
    default String partitionKey() {
        return subject();
    }
}
