package io.waybill.acceptance.crash;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which part of a context the current thread works for. */
final class Whereabouts {

    private static final ThreadLocal<String> QUEUE = new ThreadLocal<>();
    private static final Pattern SEGMENT = Pattern.compile("(.+)-\\d+");
    private static final Pattern QUEUE_NAME = Pattern.compile("(?:.*\\.)?(\\w+\\.(?:inbox|commands))");

    private Whereabouts() {}

    static void deliver(String queue) {
        QUEUE.set(shortName(queue));
    }

    static void delivered() {
        QUEUE.remove();
    }

    /** A queue's name without the system's own prefix. */
    static String shortName(String queue) {
        Matcher matcher = QUEUE_NAME.matcher(queue);
        return matcher.matches() ? matcher.group(1) : queue;
    }

    static String current() {
        String queue = QUEUE.get();
        if (queue != null) {
            return queue;
        }
        String thread = Thread.currentThread().getName();
        if (thread.startsWith("http-")) {
            return "http";
        }
        Matcher segment = SEGMENT.matcher(thread);
        return shortName(segment.matches() ? segment.group(1) : thread);
    }
}
