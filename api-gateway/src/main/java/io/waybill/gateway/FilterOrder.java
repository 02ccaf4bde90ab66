package io.waybill.gateway;

import org.springframework.core.Ordered;

/** In which order a request is looked at: what is cheap to refuse comes first, and a body is read last. */
public final class FilterOrder {

    /** Every answer names its trace, and a trace shows all that is done. */
    public static final int TRACES = Ordered.HIGHEST_PRECEDENCE;

    /** What browsers are told stands on every answer, refusals too. */
    public static final int BROWSERS = TRACES + 5;

    public static final int SURFACE = BROWSERS + 5;

    public static final int ADMISSION = SURFACE + 10;

    public static final int ACCESS = -100;

    /** After it is known who asks, because that is who is counted. */
    public static final int LIMITS = ACCESS + 10;

    /** Whoever may not ask at all takes no place, and a body is not read for who gets none. */
    public static final int STREAMS = LIMITS + 5;

    public static final int BODY = STREAMS + 5;

    private FilterOrder() {}
}
