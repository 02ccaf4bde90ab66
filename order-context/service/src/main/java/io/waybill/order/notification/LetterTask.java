package io.waybill.order.notification;

import io.waybill.messaging.tasks.TaskHandler;
import io.waybill.messaging.tasks.TaskResult;
import org.springframework.stereotype.Component;

/**
 * Sends the letters, outside any transaction. A mail server that does not answer keeps nothing waiting but its letter.
 */
@Component
class LetterTask implements TaskHandler {

    static final String QUEUE = "order.letter";

    private final Mailbox mailbox;

    LetterTask(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    @Override
    public String queue() {
        return QUEUE;
    }

    @Override
    public TaskResult handle(String key, int attempt) {
        mailbox.send(Letter.ofKey(key));
        return TaskResult.done();
    }
}
