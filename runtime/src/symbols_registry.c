/* Names of code that the JIT made: a table of address ranges, sorted by start.
 *
 * The driver registers functions as it loads them and forgets them before it frees them. Look-ups
 * happen on panics and faults only. The fault handler may interrupt a thread that holds the lock,
 * so look-ups try for the lock a while and do without the name otherwise. */
#define _GNU_SOURCE
#include "internal.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

typedef struct entry {
    uintptr_t start, end;
    char *name;
} entry;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static entry *entries;
static size_t count, room;

/* The index of the first entry that starts after `code`. */
static size_t after(uintptr_t code)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (entries[middle].start <= code)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void insert(entry new_entry)
{
    if (count == room) {
        size_t larger = room == 0 ? 256 : room * 2;
        entry *moved = realloc(entries, larger * sizeof *moved);
        if (moved == NULL)
            return; /* A name less in backtraces. */
        entries = moved;
        room = larger;
    }
    size_t at = after(new_entry.start);
    memmove(&entries[at + 1], &entries[at], (count - at) * sizeof *entries);
    entries[at] = new_entry;
    count++;
}

void kea_code_register(const void *start, const void *end, const char *name)
{
    char *copy = strdup(name);
    if (copy == NULL)
        return;
    pthread_mutex_lock(&lock);
    insert((entry){(uintptr_t)start, (uintptr_t)end, copy});
    pthread_mutex_unlock(&lock);
}

void kea_code_unregister(const void *start)
{
    char *name = NULL;
    pthread_mutex_lock(&lock);
    size_t at = after((uintptr_t)start);
    if (at > 0 && entries[at - 1].start == (uintptr_t)start) {
        name = entries[at - 1].name;
        memmove(&entries[at - 1], &entries[at], (count - at) * sizeof *entries);
        count--;
    }
    pthread_mutex_unlock(&lock);
    free(name);
}

static bool try_lock(void)
{
    for (int i = 0; i < 1000; i++) {
        if (pthread_mutex_trylock(&lock) == 0)
            return true;
        sched_yield();
    }
    return false;
}

bool keaint_symbol_name(uintptr_t code, char *to, size_t size)
{
    if (!try_lock())
        return false;
    size_t at = after(code);
    bool found = at > 0 && code < entries[at - 1].end;
    if (found) {
        strncpy(to, entries[at - 1].name, size - 1);
        to[size - 1] = 0;
    }
    pthread_mutex_unlock(&lock);
    return found;
}
