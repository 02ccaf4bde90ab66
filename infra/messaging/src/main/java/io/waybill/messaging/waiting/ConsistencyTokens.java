package io.waybill.messaging.waiting;

import io.waybill.messaging.stream.AppendLog;

/** Makes the tokens that stand for the writes of requests. */
public final class ConsistencyTokens {

    private final ReadModels models;
    private final String context;

    ConsistencyTokens(ReadModels models, String context) {
        this.models = models;
        this.context = context;
    }

    /** For the last event in the log; where the command only repeated another, for all that has happened so far. */
    public ConsistencyToken of(AppendLog log) {
        return new ConsistencyToken(context, log.last().orElseGet(models::newest));
    }
}
