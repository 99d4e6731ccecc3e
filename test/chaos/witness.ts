import { onServer } from './house.ts'

/**
 * A witness in the database, beside the bot's own tables: what was ever put into the outbox, by which transaction, when it was
 * committed, when it was taken and when it was done with, every delivery that was claimed, and every line of the history as it was
 * written. What the bot deletes or changes afterwards stands here unchanged, by the true time.
 */
export async function callWitness(url: string): Promise<void> {
  await onServer(
    url,
    `
    create schema chaos;
    create table chaos.parcels (
      id bigint primary key, uuid text not null, api text not null, lane text not null, priority smallint not null,
      reply_to text, copy bigint, tx xid8 not null, written_at timestamptz not null, committed_at timestamptz, done_at timestamptz
    );
    create table chaos.takings (id bigint not null, began_at timestamptz not null);
    create table chaos.events (id bigint primary key, line text not null);
    create table chaos.calendar_reads (like public.calendar_reads, tx xid8 not null);
    create table chaos.calendar_busy (like public.calendar_busy, tx xid8 not null);
    create table chaos.claims (key text primary key, at timestamptz not null, tx xid8 not null);

    create function chaos.see_parcel() returns trigger language plpgsql as $$ begin
      insert into chaos.parcels values (new.id, new.uuid, new.api, new.lane, new.priority, new.parcel ->> 'replyTo', new.copy, pg_current_xact_id(), clock_timestamp());
      return null;
    end $$;
    create trigger chaos_see after insert on public.outbox for each row execute function chaos.see_parcel();

    create function chaos.see_commit() returns trigger language plpgsql as $$ begin
      update chaos.parcels set committed_at = clock_timestamp() where id = new.id;
      return null;
    end $$;
    create constraint trigger chaos_commit after insert on public.outbox deferrable initially deferred
      for each row execute function chaos.see_commit();

    create function chaos.see_taking() returns trigger language plpgsql as $$ begin
      insert into chaos.takings values (new.id, now());
      return null;
    end $$;
    create trigger chaos_taken after update on public.outbox for each row
      when (new.attempts > old.attempts) execute function chaos.see_taking();
    create trigger chaos_taken_as_written after insert on public.outbox for each row
      when (new.attempts > 0) execute function chaos.see_taking();

    create function chaos.see_done() returns trigger language plpgsql as $$ begin
      update chaos.parcels set done_at = clock_timestamp() where id = new.id;
      return null;
    end $$;
    create trigger chaos_done after update on public.outbox for each row
      when (old.state = 'waiting' and new.state <> 'waiting') execute function chaos.see_done();

    create function chaos.see_read() returns trigger language plpgsql as $$ begin
      insert into chaos.calendar_reads values (new.*, pg_current_xact_id());
      return null;
    end $$;
    create trigger chaos_see after insert or update on public.calendar_reads for each row execute function chaos.see_read();

    create function chaos.see_busy() returns trigger language plpgsql as $$ begin
      insert into chaos.calendar_busy values (new.*, pg_current_xact_id());
      return null;
    end $$;
    create trigger chaos_see after insert on public.calendar_busy for each row execute function chaos.see_busy();

    create function chaos.see_claim() returns trigger language plpgsql as $$ begin
      insert into chaos.claims values (new.key, new.at, pg_current_xact_id()) on conflict do nothing;
      return null;
    end $$;
    create trigger chaos_see after insert on public.inbox for each row execute function chaos.see_claim();

    create function chaos.see_event() returns trigger language plpgsql as $$ begin
      insert into chaos.events values (new.id, new::text);
      return null;
    end $$;
    create trigger chaos_see after insert on public.events for each row execute function chaos.see_event();
  `,
  )
}
