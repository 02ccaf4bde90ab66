package io.waybill.standalone.demo;

/**
 * Something that a story takes away and gives back. Each method returns when that is done; to repeat it is harmless.
 */
public interface Outage {

    /** Stops it. */
    void begin();

    /** Starts it again. */
    void end();
}
