package io.waybill.order.notification;

import io.opentelemetry.api.trace.SpanKind;
import io.waybill.messaging.tasks.TaskHandler;
import io.waybill.messaging.tasks.TaskResult;
import io.waybill.messaging.tracing.Tracing;
import org.springframework.stereotype.Component;

/**
 * Sends the letters, outside any transaction. A mail server that does not answer keeps nothing waiting but its letter.
 * A customer whose address is not known, or was forgotten, gets none.
 */
@Component
class LetterTask implements TaskHandler {

    static final String QUEUE = "order.letter";

    private final Mailbox mailbox;
    private final Contacts contacts;
    private final Tracing tracing;

    LetterTask(Mailbox mailbox, Contacts contacts, Tracing tracing) {
        this.mailbox = mailbox;
        this.contacts = contacts;
        this.tracing = tracing;
    }

    @Override
    public String queue() {
        return QUEUE;
    }

    @Override
    public TaskResult handle(String key, int attempt) {
        Letter letter = Letter.ofKey(key);
        contacts.of(letter.orderId())
                .ifPresent(
                        to -> Tracing.run(tracing.start(SpanKind.CLIENT, "mail send"), () -> mailbox.send(letter, to)));
        return TaskResult.done();
    }
}
