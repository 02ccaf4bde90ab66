package io.waybill.gateway.cache;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveRedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializationContext;
import org.springframework.data.redis.serializer.RedisSerializer;

/** Wires the cache, unless it is switched off. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "waybill.gateway.cache.enabled", matchIfMissing = true)
@EnableConfigurationProperties(CacheSettings.class)
class CacheConfiguration {

    @Bean
    RedisLink cacheRedisLink(
            LettuceConnectionFactory connections, EventFeed feed, CacheSettings settings, MeterRegistry meters) {
        return new RedisLink(connections, feed, settings, meters);
    }

    @Bean
    AnswerStore answerStore(
            ReactiveRedisConnectionFactory connections,
            RedisLink link,
            CacheSettings settings,
            ObjectProvider<InstantSource> clock,
            MeterRegistry meters) {
        var template = new ReactiveRedisTemplate<String, byte[]>(
                connections,
                RedisSerializationContext.<String, byte[]>newSerializationContext(RedisSerializer.string())
                        .value(RedisSerializer.byteArray())
                        .hashKey(RedisSerializer.string())
                        .hashValue(RedisSerializer.byteArray())
                        .build());
        return new RedisAnswerStore(template, link, settings, clock.getIfAvailable(InstantSource::system), meters);
    }

    @Bean
    EventFeed eventFeed() {
        return new EventFeed();
    }

    @Bean
    ContextEvents contextEvents(
            ConnectionFactory connections,
            AnswerStore store,
            EventFeed feed,
            ObjectMapper json,
            @Value("${waybill.messaging.namespace:}") String namespace,
            MeterRegistry meters) {
        return new ContextEvents(connections, store, feed, json, namespace, meters);
    }

    @Bean
    CacheFilter cacheFilter(
            AnswerStore store,
            EventFeed feed,
            CacheSettings settings,
            ObjectProvider<InstantSource> clock,
            MeterRegistry meters) {
        return new CacheFilter(
                store, new ProductTags(), feed, settings, clock.getIfAvailable(InstantSource::system), meters);
    }
}
