package io.waybill.standalone.demo;

/** A story went another way than it should; the message says how. */
final class StoryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StoryException(String message) {
        super(message);
    }
}
