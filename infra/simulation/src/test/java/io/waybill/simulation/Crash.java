package io.waybill.simulation;

/** The process ends here. */
final class Crash extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Crash(CrashPoint point) {
        super(point.name(), null, false, false);
    }
}
