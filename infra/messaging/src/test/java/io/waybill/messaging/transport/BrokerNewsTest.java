package io.waybill.messaging.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.waybill.embedded.FreePorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.AmqpConnectException;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.Connection;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BrokerNewsTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(BrokerNews.class);
    private final ListAppender<ILoggingEvent> told = new ListAppender<>();

    @BeforeEach
    void listen() {
        told.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(told);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(told);
        logger.setLevel(null);
    }

    @Test
    void a_broker_that_is_away_is_told_of_once_with_the_reason_and_once_when_it_is_back() {
        var news = new BrokerNews();
        var nobody = new CachingConnectionFactory("127.0.0.1", FreePorts.find(1).getFirst());
        nobody.addConnectionListener(news);
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThatThrownBy(nobody::createConnection).isInstanceOf(AmqpConnectException.class);
        }
        news.onCreate(mock(Connection.class));
        news.onCreate(mock(Connection.class));
        nobody.destroy();

        assertThat(told.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        away -> assertThat(away).contains("cannot be reached", "Connection refused"),
                        back -> assertThat(back).contains("can be reached again"));
        assertThat(told.list)
                .allSatisfy(event -> assertThat(event.getThrowableProxy()).isNull());
    }
}
