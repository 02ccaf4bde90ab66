package io.waybill.messaging.tasks;

import io.waybill.messaging.tracing.Tracing;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Gives a service its {@link Tasks} and works them off with the {@link TaskHandler}s it has. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TaskSettings.class)
public class TasksConfiguration {

    @Bean
    TaskTable taskTable(JdbcClient jdbc, TaskSettings settings) {
        return new TaskTable(jdbc, settings.lease());
    }

    @Bean
    WakeUp taskWakeUp() {
        return new WakeUp();
    }

    @Bean
    OwnSlots ownTaskSlots() {
        return new OwnSlots();
    }

    @Bean
    Tasks tasks(TaskTable taskTable, WakeUp taskWakeUp, OwnSlots ownTaskSlots, TaskSettings settings, Tracing tracing) {
        return new JdbcTasks(taskTable, taskWakeUp, ownTaskSlots, settings.lease(), tracing);
    }

    @Bean
    TaskWorkers taskWorkers(
            TaskTable taskTable,
            WakeUp taskWakeUp,
            OwnSlots ownTaskSlots,
            TaskSettings settings,
            ObjectProvider<TaskHandler> handlers,
            Tracing tracing) {
        return new TaskWorkers(
                taskTable,
                taskWakeUp,
                ownTaskSlots,
                settings,
                handlers.orderedStream().toList(),
                tracing);
    }
}
